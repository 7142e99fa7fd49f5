import { spoiltByAbort } from '../abandonment.js';
import type { Flaw } from '../flaw.js';

// Just past what is declared, so that hardly a retry falls in between and sees it as stuck.
const HELD_MS = 2_050;

export const abortHoldsKeyLong: Flaw = {
  id: 'abort-holds-key-long',
  title: 'When the client goes away its key stays in flight for longer than the API says.',
  exposes: { check: 'key-inflight-recovers', code: 'recovered-late', resource: 'order' },
  declares: { inflightTimeoutSeconds: 2 },
  hooks: (base, world) => spoiltByAbort(base, world, () => ({ kind: 'in-flight', ms: HELD_MS })),
};
