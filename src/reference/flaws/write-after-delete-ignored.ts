import type { Flaw } from '../flaw.js';
import { empty } from '../reply.js';

export const writeAfterDeleteIgnored: Flaw = {
  id: 'write-after-delete-ignored',
  title: 'A change to a deleted order is answered with 204, and nothing is done.',
  exposes: { check: 'if-match-after-delete', code: 'accepted-unseen', resource: 'order' },
  hooks: (base, { orders }) => ({
    write: async write =>
      write.method !== 'DELETE' && orders.deleted(write.id) !== undefined ? empty(204) : base.write(write),
  }),
};
