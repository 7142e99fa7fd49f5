import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const abortBreaksKey: Flaw = {
  id: 'abort-breaks-key',
  title: 'When the client goes away its key is left in a state that every retry crashes on.',
  exposes: { check: 'key-abort-then-retry', code: 'retry-crashed', resource: 'order' },
  hooks: (base, world) => spoiltByAbort(base, world, () => ({ kind: 'stored', reply: crash() })),
};
