import type { Flaw } from '../flaw.js';

export const keyKeptForEver: Flaw = {
  id: 'key-kept-for-ever',
  title: 'Stored answers are promised to end after 24 hours and never leave the store.',
  exposes: { check: 'key-ttl-honoured', code: 'kept-for-ever', variant: 'store', resource: 'order' },
  hooks: () => ({ ttlSeconds: Infinity }),
};
