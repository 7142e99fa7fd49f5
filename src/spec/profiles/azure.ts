import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Microsoft's guidelines, after OASIS Repeatable Requests: a request id and the time of its first sending. */
export const azure: Profile = {
  name: 'azure',
  basedOn: [
    {
      title: 'Microsoft Azure REST API guidelines',
      url: 'https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md',
      read: '2026-11-24',
    },
    {
      title: 'OASIS Repeatable Requests 1.0',
      url: 'https://docs.oasis-open.org/odata/repeatable-requests/v1.0/repeatable-requests-v1.0.html',
      read: '2026-11-24',
    },
  ],
  key: { in: 'header', name: 'Repeatability-Request-ID', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    ttl: 300,
    inflight: { statuses: [409], mayWait: false },
    mismatch: { statuses: [400], action: 'reject', promised: true },
    replayMode: 'same',
    firstSentHeader: 'Repeatability-First-Sent',
    deleteMissing: [204],
  },
};
