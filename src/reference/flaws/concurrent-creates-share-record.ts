import type { Flaw } from '../flaw.js';

export const concurrentCreatesShareRecord: Flaw = {
  id: 'concurrent-creates-share-record',
  title: 'The next id is taken before the work: orders that are made at the same moment get one, and the last stays.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'effects-lost', resource: 'order' },
  hooks: (base, { ids }) => {
    let atWork = 0;
    let nextId = '';
    let isInserting = false;
    return {
      create: async creation => {
        if (atWork++ === 0) nextId = ids();
        const insert = () => {
          isInserting = true;
          const record = creation.insert();
          isInserting = false;
          return record;
        };
        try {
          return await base.create({ ...creation, insert });
        } finally {
          atWork--;
        }
      },
      replaced: (existing, draft, id) => base.replaced(existing, draft, isInserting ? nextId : id),
    };
  },
};
