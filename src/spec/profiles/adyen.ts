import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Adyen: keys of a company account, readable by each of its credentials. */
export const adyen: Profile = {
  name: 'adyen',
  basedOn: [
    {
      title: 'Adyen: API idempotency',
      url: 'https://docs.adyen.com/development-resources/api-idempotency',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: false, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    ttl: 604_800,
    inflight: { statuses: [422, 409], mayWait: false },
    mismatch: { ...ietf.contract.mismatch, promised: false },
    replayMode: 'same',
    scope: 'account',
  },
};
