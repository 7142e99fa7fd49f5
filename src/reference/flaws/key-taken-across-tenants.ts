import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';

export const keyTakenAcrossTenants: Flaw = {
  id: 'key-taken-across-tenants',
  title: 'A key that one tenant used is refused to all others.',
  exposes: { check: 'scope-principal', code: 'existence-revealed', resource: 'order', level: 'fail' },
  choices: { callers: 'tenants' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${endpointOf(incoming)} ${given}`,
    keyLayer: attempt =>
      base.keyLayer({ ...attempt, fingerprint: `${attempt.incoming.caller} ${attempt.fingerprint}` }),
  }),
};
