import type { Flaw } from '../flaw.js';

export const membershipPutPaysAgain: Flaw = {
  id: 'membership-put-pays-again',
  title: 'The points of a gold membership come with every PUT that says gold, and not with the first alone.',
  exposes: { check: 'put-repeat-same-state', code: 'effect-repeated', resource: 'membership' },
  choices: { shop: true },
  hooks: base => ({
    act: act => base.act(act.name === 'membership' && act.method === 'PUT' ? { ...act, isDue: () => true } : act),
  }),
};
