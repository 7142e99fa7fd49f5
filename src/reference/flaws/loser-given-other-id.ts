import type { Flaw } from '../flaw.js';
import { withJson } from '../reply.js';

export const loserGivenOtherId: Flaw = {
  id: 'loser-given-other-id',
  title: 'A request that waits for its twin gets the answer of the winner with an id that belongs to nothing.',
  exposes: { check: 'key-concurrent-loser', code: 'different-results', resource: 'order' },
  choices: { inflight: 'wait' },
  hooks: (base, { ids }) => ({
    inFlight: async attempt => withJson(await base.inFlight(attempt), value => ({ ...value, id: ids() })),
  }),
};
