import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Telnyx: keys of an organisation, a method and a path; a payload that differs by a byte is refused. */
export const telnyx: Profile = {
  name: 'telnyx',
  basedOn: [
    {
      title: 'Telnyx: idempotency',
      url: 'https://developers.telnyx.com/development/api-fundamentals/idempotency',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: false, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    ttl: 86_400,
    mismatch: { statuses: [422], action: 'reject', promised: true },
    replayMode: 'same',
    scope: 'account',
  },
};
