import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const reprintReplayCountsAgain: Flaw = {
  id: 'reprint-replay-counts-again',
  title: 'A retry of a reprint is given the stored answer, and the edition is counted up once more.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'article' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'reprint'),
};
