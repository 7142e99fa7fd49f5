import type { Flaw } from '../flaw.js';

export const ifNoneMatchIgnored: Flaw = {
  id: 'if-none-match-ignored',
  title: 'If-None-Match is ignored: a PUT that is meant to create alone replaces what is there.',
  exposes: { check: 'if-none-match-star', code: 'second-accepted', resource: 'label' },
  hooks: base => ({
    putLabel: write => base.putLabel({ ...write, conditions: { ...write.conditions, ifNoneMatch: null } }),
  }),
};
