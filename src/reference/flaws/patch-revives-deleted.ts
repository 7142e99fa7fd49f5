import type { Flaw } from '../flaw.js';

export const patchRevivesDeleted: Flaw = {
  id: 'patch-revives-deleted',
  title: 'A change to a deleted order brings it back: the row is still there, and saving it clears the mark.',
  exposes: { check: 'delete-no-resurrection', code: 'revived', variant: 'update', resource: 'order' },
  hooks: (base, { orders }) => ({
    write: async write => {
      const deleted = write.method === 'PATCH' && write.find() === undefined ? orders.deleted(write.id) : undefined;
      if (deleted === undefined) return base.write(write);
      orders.put(deleted);
      return write.commit();
    },
  }),
};
