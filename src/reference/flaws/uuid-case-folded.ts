import type { Flaw } from '../flaw.js';

/** A key that is a UUID, at the end of what it is stored under. */
const UUID = /(^|[\s:])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const uuidCaseFolded: Flaw = {
  id: 'uuid-case-folded',
  title: 'Keys that are UUIDs are stored in lower case: the same one in upper case gets the first answer.',
  exposes: { check: 'key-exact-match', code: 'case-ignored', resource: 'order' },
  hooks: base => ({ storeKey: attempt => base.storeKey(attempt).replace(UUID, key => key.toLowerCase()) }),
};
