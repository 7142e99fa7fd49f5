import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const loserBadRequest: Flaw = {
  id: 'loser-bad-request',
  title: 'A request that meets its twin in flight is told that it is wrong (400).',
  exposes: { check: 'key-concurrent-loser', code: 'odd-status', resource: 'order' },
  hooks: () => ({ inFlight: () => problem(400, 'invalid', 'The request is not valid') }),
};
