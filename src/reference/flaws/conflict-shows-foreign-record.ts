import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';

export const conflictShowsForeignRecord: Flaw = {
  id: 'conflict-shows-foreign-record',
  title: 'A key that one tenant used is refused to all others, and the refusal shows the record it made.',
  exposes: { check: 'scope-principal', code: 'leaked-in-refusal', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${endpointOf(incoming)} ${given}`,
    keyLayer: attempt =>
      base.keyLayer({ ...attempt, fingerprint: `${attempt.incoming.caller} ${attempt.fingerprint}` }),
    mismatch: (attempt, stored) =>
      stored === null
        ? base.mismatch(attempt, stored)
        : { ...stored, status: 409, headers: { 'content-type': 'application/json' } },
  }),
};
