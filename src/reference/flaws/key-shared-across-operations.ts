import type { Flaw } from '../flaw.js';

export const keySharedAcrossOperations: Flaw = {
  id: 'key-shared-across-operations',
  title: 'Stored answers are looked up by key alone: another operation is answered with them.',
  exposes: { check: 'scope-endpoint', code: 'answered-for-other', resource: 'account' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${incoming.caller} ${given}`,
    mismatch: (attempt, stored) => (stored === null ? base.mismatch(attempt, stored) : base.replay(attempt, stored)),
  }),
};
