import type { Flaw } from '../flaw.js';
import { withJson } from '../reply.js';
import { createTurns } from '../turns.js';

export const replayIdVaries: Flaw = {
  id: 'replay-id-varies',
  title: 'Every third retry is answered with an id that belongs to nothing.',
  exposes: { check: 'key-replay-consistent', code: 'another-id', resource: 'order' },
  hooks: (base, { ids }) => {
    const turns = createTurns();
    return {
      replay: async (attempt, stored) => {
        const reply = await base.replay(attempt, stored);
        if (turns.next(attempt.key) % 3 !== 0) return reply;
        return withJson(reply, value => ({ ...value, id: ids() }));
      },
    };
  },
};
