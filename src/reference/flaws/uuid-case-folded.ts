import type { Flaw } from '../flaw.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const uuidCaseFolded: Flaw = {
  id: 'uuid-case-folded',
  title: 'Keys that are UUIDs are stored in lower case: the same one in upper case gets the first answer.',
  exposes: { check: 'key-exact-match', code: 'case-ignored', resource: 'order' },
  hooks: base => ({
    storeKey: attempt => {
      const key = base.storeKey(attempt);
      return UUID.test(key) ? key.toLowerCase() : key;
    },
  }),
};
