import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Shopify: refusals are user errors in a 200. */
export const shopify: Profile = {
  name: 'shopify',
  basedOn: [
    {
      title: 'Shopify: implementing idempotency',
      url: 'https://shopify.dev/docs/api/usage/implementing-idempotency',
      read: '2026-11-24',
    },
    {
      title: 'Shopify: idempotent requests in the REST Admin API',
      url: 'https://shopify.dev/docs/api/admin-rest/usage/idempotent-requests',
      read: '2026-11-24',
    },
  ],
  key: { in: 'body', name: 'unique_token', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    ttl: 86_400,
    mismatch: { statuses: [200], action: 'reject', promised: true },
    mismatchCodes: ['IDEMPOTENCY_KEY_PARAMETER_MISMATCH'],
  },
};
