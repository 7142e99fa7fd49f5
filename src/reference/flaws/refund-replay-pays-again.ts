import type { Flaw } from '../flaw.js';
import { actingOnReplay } from '../repeated-acts.js';

export const refundReplayPaysAgain: Flaw = {
  id: 'refund-replay-pays-again',
  title: 'A retry of a refund is given the stored answer, and the wallet is paid once more.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'payment' },
  choices: { shop: true },
  hooks: base => actingOnReplay(base, 'refunds'),
};
