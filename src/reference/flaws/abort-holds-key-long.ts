import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';

// Longer than a second is slack for nobody: the first retry after it is seen at once.
const HELD_MS = 2_200;

export const abortHoldsKeyLong: Flaw = {
  id: 'abort-holds-key-long',
  title: 'When the client goes away its key stays in flight for longer than the API says.',
  exposes: { check: 'key-inflight-recovers', code: 'recovered-late', resource: 'order' },
  declares: { inflightTimeoutSeconds: 1 },
  hooks: (base, world) => spoiltByAbort(base, world, () => ({ kind: 'in-flight', ms: HELD_MS })),
};
