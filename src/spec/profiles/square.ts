import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Square: the key is a field of the body, of some endpoints; its lifetime is not published. */
export const square: Profile = {
  name: 'square',
  basedOn: [
    {
      title: 'Square: idempotency',
      url: 'https://developer.squareup.com/docs/build-basics/common-api-patterns/idempotency',
      read: '2026-11-24',
    },
  ],
  key: { in: 'body', name: 'idempotency_key', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    mismatch: { statuses: [400], action: 'reject', promised: true },
    replayMode: 'same',
  },
};
