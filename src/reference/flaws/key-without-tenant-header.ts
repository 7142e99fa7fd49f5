import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';

export const keyWithoutTenantHeader: Flaw = {
  id: 'key-without-tenant-header',
  title: 'Stored answers are looked up by the user, and not by the tenant that the user is there for.',
  exposes: { check: 'scope-principal', code: 'response-leaked', resource: 'order' },
  choices: { callers: 'tenant-header' },
  hooks: () => ({
    storeKey: ({ incoming, given }) =>
      `${incoming.headers.get('authorization') ?? ''} ${endpointOf(incoming)} ${given}`,
  }),
};
