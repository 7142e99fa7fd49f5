import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Zalando's RESTful API guidelines: 422 is not used; a write without a version is refused with 428. */
export const zalando: Profile = {
  name: 'zalando',
  basedOn: [
    {
      title: 'Zalando RESTful API and Event Guidelines',
      url: 'https://opensource.zalando.com/restful-api-guidelines/#230',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    mismatch: { statuses: [400], action: 'reject', promised: true },
    replayMode: 'same',
    deleteMissing: [404, 410],
    etag: { mismatch: [412], missing: [428], comparison: 'strong' },
  },
};
