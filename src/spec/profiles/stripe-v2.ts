import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Stripe's API v2: a repeat is answered with the updated result, a failed request is executed again. */
export const stripeV2: Profile = {
  name: 'stripe-v2',
  basedOn: [{ title: 'Stripe: API v2 overview', url: 'https://docs.stripe.com/api-v2-overview', read: '2026-11-24' }],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: false, methods: ['POST', 'DELETE'] },
  contract: {
    ...ietf.contract,
    ttl: 2_592_000,
    mismatch: { ...ietf.contract.mismatch, promised: false },
    replayMode: 'current-state',
    scope: 'account',
  },
};
