import type { Flaw } from '../flaw.js';

export const putAppendsTags: Flaw = {
  id: 'put-appends-tags',
  title: 'PUT adds its tags to the ones that are there.',
  exposes: { check: 'put-repeat-same-state', code: 'state-drifted', resource: 'order' },
  hooks: base => ({
    replaced: (existing, draft, id) =>
      base.replaced(existing, { ...draft, tags: [...(existing?.tags ?? []), ...draft.tags] }, id),
  }),
};
