import { ietf } from './ietf.js';
import type { Profile } from './profile.js';

/** The draft to the letter: quoted keys (section 2.1), 409 in flight, 422 on a mismatch, 400 without a required key. */
export const ietfStrict: Profile = {
  ...ietf,
  name: 'ietf-strict',
  key: { ...ietf.key, form: 'sf-string' },
  contract: {
    ...ietf.contract,
    inflight: { statuses: [409], mayWait: false },
    mismatch: { statuses: [422], action: 'reject', promised: true },
    replayMode: 'same',
  },
};
