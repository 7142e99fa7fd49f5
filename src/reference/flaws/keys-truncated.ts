import type { Flaw } from '../flaw.js';

/** The key as the client sent it, at the end of what it is stored under. */
const GIVEN = /[^\s:]+$/;

export const keysTruncated: Flaw = {
  id: 'keys-truncated',
  title: 'Keys are cut to 36 characters when they are stored: longer ones that begin alike are one key.',
  exposes: { check: 'key-exact-match', code: 'collided', resource: 'order' },
  hooks: base => ({ storeKey: attempt => base.storeKey(attempt).replace(GIVEN, key => key.slice(0, 36)) }),
};
