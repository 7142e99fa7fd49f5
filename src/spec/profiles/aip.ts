import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** Google's API improvement proposals: a request id in the body, ETags in the body, 409 for an outdated one. */
export const aip: Profile = {
  name: 'aip',
  basedOn: [
    { title: 'AIP-155: request identification', url: 'https://google.aip.dev/155', read: '2026-11-24' },
    { title: 'AIP-154: resource freshness', url: 'https://google.aip.dev/154', read: '2026-11-24' },
    { title: 'AIP-135: delete', url: 'https://google.aip.dev/135', read: '2026-11-24' },
  ],
  key: { in: 'body', name: 'request_id', form: 'raw', required: null, methods: [] },
  contract: {
    ...ietf.contract,
    mismatch: { ...ietf.contract.mismatch, promised: false },
    replayMode: 'current-state',
    deleteMissing: [404, 200],
    etag: { mismatch: [409], missing: 'permitted', comparison: 'strong' },
  },
};
