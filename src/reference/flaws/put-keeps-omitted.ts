import type { Flaw } from '../flaw.js';

export const putKeepsOmitted: Flaw = {
  id: 'put-keeps-omitted',
  title: 'PUT is applied as a merge: the note of an order stays when the body leaves it out.',
  exposes: { check: 'put-replaces-whole', code: 'old-value-kept', resource: 'order' },
  hooks: base => ({
    replaced: (existing, draft, id) =>
      base.replaced(existing, { ...draft, note: draft.note ?? existing?.note ?? null }, id),
  }),
};
