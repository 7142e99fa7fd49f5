import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const lineCancelReplayLowersAgain: Flaw = {
  id: 'line-cancel-replay-lowers-again',
  title:
    'A retry of the cancel of a line is given the stored answer, and the total of the basket is lowered once more.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'line' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'cancel'),
};
