import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';

export const keyWithoutTenant: Flaw = {
  id: 'key-without-tenant',
  title: 'Stored answers are looked up by endpoint and key, whoever asks.',
  exposes: { check: 'scope-principal', code: 'response-leaked', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: () => ({ storeKey: ({ incoming, given }) => `${endpointOf(incoming)} ${given}` }),
};
