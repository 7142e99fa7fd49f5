import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';

export const abortForgetsKey: Flaw = {
  id: 'abort-forgets-key',
  title: 'The key is stored once the answer is delivered: a client that went away has none, and its retry is executed.',
  exposes: { check: 'key-abort-then-retry', code: 'executed-twice', resource: 'order' },
  hooks: (base, world) => spoiltByAbort(base, world, () => ({ kind: 'forgotten' })),
};
