import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** PayPal: the latest state is the answer; how long a key lives differs from API to API. */
export const paypal: Profile = {
  name: 'paypal',
  basedOn: [
    { title: 'PayPal: API requests', url: 'https://developer.paypal.com/api/rest/requests/', read: '2026-11-24' },
  ],
  key: { in: 'header', name: 'PayPal-Request-Id', form: 'raw', required: null, methods: ['POST'] },
  contract: {
    ...ietf.contract,
    mismatch: { statuses: [400, 422, 409], action: null, promised: false },
    replayMode: 'current-state',
  },
};
