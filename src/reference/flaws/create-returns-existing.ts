import type { Flaw } from '../flaw.js';

export const createReturnsExisting: Flaw = {
  id: 'create-returns-existing',
  title: 'A create with a known reference answers 200 with the record that is there, whatever the key.',
  exposes: { check: 'key-distinct-not-deduped', code: 'returned-existing', resource: 'order' },
  declares: { nothingUnique: false },
  hooks: base => ({
    create: async creation => {
      const existing = creation.alike();
      return existing === undefined ? base.create(creation) : { ...base.created(existing), status: 200 };
    },
  }),
};
