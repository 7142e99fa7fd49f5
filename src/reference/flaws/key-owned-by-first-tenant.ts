import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const keyOwnedByFirstTenant: Flaw = {
  id: 'key-owned-by-first-tenant',
  title: 'A key belongs to the tenant that used it first: the own request of any other under it is a 409, for ever.',
  exposes: { check: 'scope-principal', code: 'existence-revealed', resource: 'order', level: 'fail' },
  choices: { callers: 'tenants' },
  hooks: (base, { store }) => ({
    keyLayer: async attempt => {
      const owner = `owner ${attempt.given}`;
      const begun = await store.begin(owner, attempt.incoming.caller, Infinity);
      const isOwn = begun.kind === 'new' || begun.fingerprint === attempt.incoming.caller;
      return isOwn ? base.keyLayer(attempt) : problem(409, 'key-used', 'This idempotency key was used before');
    },
  }),
};
