import type { Profile } from './profile.js';

/** The draft, leniently: raw keys, and any of the statuses servers commonly use. */
export const ietf: Profile = {
  name: 'ietf',
  basedOn: [
    {
      title: 'draft-ietf-httpapi-idempotency-key-header-07 (expired)',
      url: 'https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/07/',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Idempotency-Key', form: 'raw', required: null, methods: [] },
  contract: {
    ttl: 'unknown',
    ttlFloor: { fail: 30, warn: 86_400 },
    inflight: { statuses: [409, 425, 423, 429], mayWait: true },
    mismatch: { statuses: [422, 400, 409], action: null, promised: true },
    missing: { statuses: [400] },
    replayMode: 'unknown',
    replayStatuses: [],
    errorsStored: null,
    marker: null,
    scope: null,
    deleteMissing: null,
    etag: { mismatch: [412], missing: null, comparison: 'strong' },
    inflightTimeout: 60,
    firstSentHeader: null,
    mismatchCodes: null,
  },
};
