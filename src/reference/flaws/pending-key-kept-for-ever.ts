import type { Flaw } from '../flaw.js';

export const pendingKeyKeptForEver: Flaw = {
  id: 'pending-key-kept-for-ever',
  title: 'The mark of a request in flight has no time to live: a crash leaves the key taken for ever.',
  exposes: { check: 'key-ttl-honoured', code: 'pending-for-ever', variant: 'store', resource: 'order' },
  choices: { workMs: 250 },
  hooks: () => ({ pendingMs: Infinity }),
};
