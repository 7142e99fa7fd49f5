import type { Flaw } from '../flaw.js';

export const putBumpsCounter: Flaw = {
  id: 'put-bumps-counter',
  title: 'Each PUT, also a repeated one, adds one to a counter in the order.',
  exposes: { check: 'put-repeat-same-state', code: 'state-drifted', resource: 'order' },
  hooks: base => {
    const counts = new Map<string, number>();
    return {
      replaced: (existing, draft, id) => {
        counts.set(id, (counts.get(id) ?? 0) + 1);
        return base.replaced(existing, draft, id);
      },
      represent: (record, use) => ({ ...base.represent(record, use), submissions: counts.get(record.id) ?? 0 }),
    };
  },
};
