import type { Flaw } from '../flaw.js';

export const deleteRestocksAgain: Flaw = {
  id: 'delete-restocks-again',
  title: 'A second DELETE of a purchase is answered with 404, and gives the stock back once more.',
  exposes: { check: 'delete-repeat', code: 'effect-repeated', resource: 'purchase' },
  choices: { shop: true },
  hooks: base => ({
    act: act => {
      if (act.name === 'delete' && act.refusal() !== null) act.effect();
      return base.act(act);
    },
  }),
};
