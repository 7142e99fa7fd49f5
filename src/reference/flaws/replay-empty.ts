import type { Flaw } from '../flaw.js';

export const replayEmpty: Flaw = {
  id: 'replay-empty',
  title: 'A retry is answered with the first status and no body.',
  exposes: { check: 'key-replay-response', code: 'different-answer', resource: 'order' },
  hooks: base => ({
    replay: async (attempt, stored) => ({ ...(await base.replay(attempt, stored)), body: null }),
  }),
};
