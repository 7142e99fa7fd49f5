import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';

export const abortLeavesKeyInFlight: Flaw = {
  id: 'abort-leaves-key-in-flight',
  title: 'When the client goes away its key stays in flight for ever.',
  exposes: { check: 'key-inflight-recovers', code: 'stuck', resource: 'order' },
  declares: { inflightTimeoutSeconds: 3 },
  hooks: (base, world) => spoiltByAbort(base, world, () => ({ kind: 'in-flight', ms: Infinity })),
};
