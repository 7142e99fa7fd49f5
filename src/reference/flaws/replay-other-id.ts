import type { Flaw } from '../flaw.js';
import { withJson } from '../reply.js';

export const replayOtherId: Flaw = {
  id: 'replay-other-id',
  title: 'A retry is answered with an id that was never created.',
  exposes: { check: 'key-replay-response', code: 'different-id', resource: 'order' },
  hooks: (base, { ids }) => ({
    replay: async (attempt, stored) => withJson(await base.replay(attempt, stored), value => ({ ...value, id: ids() })),
  }),
};
