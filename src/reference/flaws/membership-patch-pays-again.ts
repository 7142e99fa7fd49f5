import type { Flaw } from '../flaw.js';

export const membershipPatchPaysAgain: Flaw = {
  id: 'membership-patch-pays-again',
  title: 'The points of a gold membership come with every PATCH that says gold, and not with the first alone.',
  exposes: { check: 'patch-repeat-no-drift', code: 'effect-repeated', resource: 'membership' },
  choices: { shop: true },
  hooks: base => ({
    act: act => base.act(act.name === 'membership' && act.method === 'PATCH' ? { ...act, isDue: () => true } : act),
  }),
};
