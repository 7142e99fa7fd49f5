import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Shopify: refusals are user errors in a 200. */
export const shopify: Profile = {
  name: 'shopify',
  basedOn: [
    {
      title: 'Shopify: idempotent requests',
      url: 'https://shopify.dev/docs/api/usage/idempotent-requests',
      read: '2026-11-24',
    },
  ],
  key: { in: 'body', name: 'unique_token', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    ttl: 86_400,
    mismatch: { statuses: [200], action: 'reject', promised: true },
    codesIn200: {
      inflight: ['IDEMPOTENCY_CONCURRENT_REQUEST'],
      mismatch: ['IDEMPOTENCY_KEY_PARAMETER_MISMATCH'],
    },
  },
};
