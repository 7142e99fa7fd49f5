import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';
import { idOf } from '../reply.js';

export const abortUndoesEffect: Flaw = {
  id: 'abort-undoes-effect',
  title: 'When the client goes away its order is rolled back, and the answer that says it exists is kept.',
  exposes: { check: 'key-abort-then-retry', code: 'phantom-success', resource: 'order' },
  hooks: (base, world) =>
    spoiltByAbort(base, world, (_, reply) => {
      base.remove(idOf(reply));
      return { kind: 'stored', reply };
    }),
};
