import type { Flaw } from '../flaw.js';
import { json } from '../reply.js';

export const knownKeyAcknowledged: Flaw = {
  id: 'known-key-acknowledged',
  title: 'A key that was used on another operation is taken for a retry and acknowledged, whatever was asked.',
  exposes: { check: 'scope-endpoint', code: 'not-executed', resource: 'account' },
  hooks: base => ({
    storeKey: ({ incoming, given }) => `${incoming.caller} ${given}`,
    mismatch: (attempt, stored) => (stored === null ? base.mismatch(attempt, stored) : json(200, { status: 'ok' })),
  }),
};
