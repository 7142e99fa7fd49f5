import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';
import { crash } from '../reply.js';

export const foreignKeyCrashes: Flaw = {
  id: 'foreign-key-crashes',
  title: 'Keys are unique across tenants in the table and looked up by tenant: a key another one used ends in a 500.',
  exposes: { check: 'scope-principal', code: 'crashed', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${endpointOf(incoming)} ${given}`,
    keyLayer: attempt =>
      base.keyLayer({ ...attempt, fingerprint: `${attempt.incoming.caller} ${attempt.fingerprint}` }),
    mismatch: () => crash(),
  }),
};
