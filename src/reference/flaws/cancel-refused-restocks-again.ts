import type { Flaw } from '../flaw.js';

export const cancelRefusedRestocksAgain: Flaw = {
  id: 'cancel-refused-restocks-again',
  title: 'A second cancel of a purchase is refused, and gives the stock back all the same.',
  exposes: { check: 'failed-write-no-effect', code: 'effect-counted', variant: 'not-permitted', resource: 'purchase' },
  choices: { shop: true },
  hooks: base => ({
    act: act => {
      if (act.name === 'cancel' && act.refusal() !== null) act.effect();
      return base.act(act);
    },
  }),
};
