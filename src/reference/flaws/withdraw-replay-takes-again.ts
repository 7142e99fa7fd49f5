import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const withdrawReplayTakesAgain: Flaw = {
  id: 'withdraw-replay-takes-again',
  title: 'A retry of a withdrawal is given the stored answer, and the amount is taken once more.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'wallet' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'withdrawals'),
};
