import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const patchOfDeletedCrashes: Flaw = {
  id: 'patch-of-deleted-crashes',
  title: 'A change to a deleted order is answered with 500, unless it names a version.',
  exposes: { check: 'delete-no-resurrection', code: 'write-crashed', variant: 'update', resource: 'order' },
  hooks: (base, { orders }) => ({
    write: async write => {
      const isLate = write.method === 'PATCH' && write.find() === undefined && orders.deleted(write.id) !== undefined;
      return isLate && write.conditions.ifMatch === null ? crash() : base.write(write);
    },
  }),
};
