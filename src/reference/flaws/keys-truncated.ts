import type { Flaw } from '../flaw.js';

export const keysTruncated: Flaw = {
  id: 'keys-truncated',
  title: 'Keys are cut to 36 characters when they are stored: longer ones that begin alike are one key.',
  exposes: { check: 'key-exact-match', code: 'collided', resource: 'order' },
  hooks: base => ({ storeKey: attempt => base.storeKey(attempt).slice(0, 36) }),
};
