import type { Flaw } from '../flaw.js';

export const ttlShortUndeclared: Flaw = {
  id: 'ttl-short-undeclared',
  title: 'Nothing is said about how long keys live; they are forgotten after 4 seconds.',
  exposes: { check: 'key-ttl-honoured', code: 'short-lived', resource: 'order' },
  declares: { ttlSeconds: null },
  hooks: () => ({ ttlSeconds: 4 }),
};
