import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const cancelReplayRestocksAgain: Flaw = {
  id: 'cancel-replay-restocks-again',
  title:
    'A retry of the cancel of a purchase is given the stored answer, and the stock of the product is given back once more.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'purchase' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'cancel'),
};
