import type { Flaw } from '../flaw.js';
import { empty } from '../reply.js';

export const deleteRepeatRestores: Flaw = {
  id: 'delete-repeat-restores',
  title: 'The second DELETE brings the order back.',
  exposes: { check: 'delete-repeat', code: 'came-back', resource: 'order' },
  hooks: (base, { orders }) => ({
    absent: write => {
      const deleted = orders.deleted(write.id);
      if (write.method !== 'DELETE' || deleted === undefined) return base.absent(write);
      orders.put(deleted);
      return empty(204);
    },
  }),
};
