import type { Flaw } from '../flaw.js';

const CLERKS = ['Ada', 'Grace', 'Edsger'];

export const putReassignsClerk: Flaw = {
  id: 'put-reassigns-clerk',
  title: 'Each PUT, also a repeated one, hands the order to another clerk.',
  exposes: { check: 'put-repeat-same-state', code: 'side-state-changed', resource: 'order' },
  hooks: base => {
    const clerks = new Map<string, number>();
    return {
      replaced: (existing, draft, id) => {
        if (existing !== undefined) clerks.set(id, (clerks.get(id) ?? 0) + 1);
        return base.replaced(existing, draft, id);
      },
      represent: (record, use) => ({ ...base.represent(record, use), clerk: CLERKS[(clerks.get(record.id) ?? 0) % 3] }),
    };
  },
};
