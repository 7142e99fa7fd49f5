import type { Flaw } from '../flaw.js';
import { withJson } from '../reply.js';

export const replayOfOtherContent: Flaw = {
  id: 'replay-of-other-content',
  title: 'A retry is answered with the id of the first order, and an amount that neither has ever had.',
  exposes: { check: 'key-replay-response', code: 'different-answer', resource: 'order', level: 'fail' },
  declares: { replays: true },
  hooks: base => ({
    replay: async (attempt, stored) =>
      withJson(await base.replay(attempt, stored), value => ('amount' in value ? { ...value, amount: 0.01 } : value)),
  }),
};
