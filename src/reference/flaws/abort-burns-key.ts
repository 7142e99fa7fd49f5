import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';
import { idOf, problem } from '../reply.js';

export const abortBurnsKey: Flaw = {
  id: 'abort-burns-key',
  title:
    'When the client goes away its order is rolled back and its key counts as used: the retry is refused for good.',
  exposes: { check: 'key-abort-then-retry', code: 'refused-for-good', resource: 'order' },
  hooks: (base, world) =>
    spoiltByAbort(base, world, (_, reply) => {
      base.remove(idOf(reply));
      return { kind: 'stored', reply: problem(422, 'key-used', 'The idempotency key was used before') };
    }),
};
