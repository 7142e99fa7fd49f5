import type { Flaw } from '../flaw.js';
import { idOf } from '../reply.js';

export const deletedOrderRestored: Flaw = {
  id: 'deleted-order-restored',
  title: 'A late retry of the create brings a deleted order back under its id.',
  exposes: { check: 'delete-no-resurrection', code: 'came-back', resource: 'order' },
  hooks: (base, { orders }) => ({
    replay: (attempt, stored) => {
      const deleted = orders.deleted(idOf(stored));
      if (deleted !== undefined) orders.put(deleted);
      return base.replay(attempt, stored);
    },
  }),
};
