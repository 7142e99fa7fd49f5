import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Checkout.com: requests that meet their twin are turned away with 429; successes alone are stored. */
export const checkout: Profile = {
  name: 'checkout',
  basedOn: [
    {
      title: 'Checkout.com: idempotency',
      url: 'https://www.checkout.com/docs/developer-resources/api/idempotency',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Cko-Idempotency-Key', form: 'raw', required: false, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    ttl: 86_400,
    inflight: { statuses: [429], mayWait: false },
    mismatch: { ...ietf.contract.mismatch, promised: false },
    replayMode: 'same',
  },
};
