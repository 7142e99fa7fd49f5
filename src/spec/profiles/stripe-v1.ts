import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Stripe's API v1: keys of an account; whatever began to execute is stored, a 500 too. */
export const stripeV1: Profile = {
  name: 'stripe-v1',
  basedOn: [
    {
      title: 'Stripe: idempotent requests',
      url: 'https://docs.stripe.com/api/idempotent_requests',
      read: '2026-11-24',
    },
    { title: 'Stripe: low-level errors', url: 'https://docs.stripe.com/error-low-level', read: '2026-11-24' },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: false, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    ttl: 86_400,
    inflight: { statuses: [409], mayWait: false },
    mismatch: { statuses: [400], action: 'reject', promised: true },
    replayMode: 'same',
    marker: { header: 'Idempotent-Replayed', value: 'true' },
    scope: 'account',
  },
};
