import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** GoCardless: a repeat is a conflict that names the resource made first. */
export const gocardless: Profile = {
  name: 'gocardless',
  basedOn: [
    { title: 'GoCardless: idempotency keys', url: 'https://gocardless.com/blog/idempotency-keys/', read: '2026-11-24' },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: false, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    mismatch: { ...ietf.contract.mismatch, promised: false },
    replayMode: 'conflict-with-id',
    replayStatuses: [409],
  },
};
