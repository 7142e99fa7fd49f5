import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const mailReplaySentAgain: Flaw = {
  id: 'mail-replay-sent-again',
  title: 'A retry of a reminder is given the stored answer, and the mail goes out once more: no read shows it.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'purchase' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'remind'),
};
