import type { Flaw } from '../flaw.js';
import { createTurns } from '../turns.js';

export const replayStatusVaries: Flaw = {
  id: 'replay-status-varies',
  title: 'Every third retry is answered with 200, the others with 201.',
  exposes: { check: 'key-replay-consistent', code: 'mixed-answers', resource: 'order' },
  hooks: base => {
    const turns = createTurns();
    return {
      replay: async (attempt, stored) => {
        const reply = await base.replay(attempt, stored);
        return turns.next(attempt.key) % 3 === 0 ? { ...reply, status: 200 } : reply;
      },
    };
  },
};
