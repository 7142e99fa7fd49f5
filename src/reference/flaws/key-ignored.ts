import type { Flaw } from '../flaw.js';

export const keyIgnored: Flaw = {
  id: 'key-ignored',
  title: 'The idempotency key is ignored: each retry creates another record.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'order' },
  hooks: () => ({ keyLayer: attempt => attempt.execute() }),
};
