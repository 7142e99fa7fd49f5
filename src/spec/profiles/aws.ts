import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** AWS: a client token among the parameters; success may carry a newer state. */
export const aws: Profile = {
  name: 'aws',
  basedOn: [
    {
      title: 'Amazon EC2: ensuring idempotency',
      url: 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html',
      read: '2026-11-24',
    },
  ],
  key: { in: 'query', name: 'ClientToken', form: 'raw', required: false, methods: [] },
  contract: {
    ...ietf.contract,
    mismatch: { statuses: [400, 409], action: 'reject', promised: true },
    replayMode: 'current-state',
  },
};
