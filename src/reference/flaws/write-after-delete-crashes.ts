import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const writeAfterDeleteCrashes: Flaw = {
  id: 'write-after-delete-crashes',
  title:
    'A change to a deleted order is answered with 500: the old row is looked up without asking whether it is there.',
  exposes: { check: 'if-match-after-delete', code: 'crashed', resource: 'order' },
  hooks: (base, { orders }) => ({
    write: async write =>
      write.method !== 'DELETE' && orders.deleted(write.id) !== undefined ? crash() : base.write(write),
  }),
};
