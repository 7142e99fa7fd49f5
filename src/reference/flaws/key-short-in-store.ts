import type { Flaw } from '../flaw.js';

export const keyShortInStore: Flaw = {
  id: 'key-short-in-store',
  title: 'Keys are declared to live 24 hours; the store is told to keep them for one.',
  exposes: { check: 'key-ttl-honoured', code: 'short-in-store', variant: 'store', resource: 'order' },
  hooks: () => ({ ttlSeconds: 3600 }),
};
