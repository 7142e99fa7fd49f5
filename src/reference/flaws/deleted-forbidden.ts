import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const deletedForbidden: Flaw = {
  id: 'deleted-forbidden',
  title: 'Reading a deleted order is answered with 403.',
  exposes: { check: 'delete-then-get', code: 'forbidden', resource: 'order' },
  hooks: (base, { orders }) => ({
    orderNotFound: id =>
      orders.deleted(id) === undefined ? base.orderNotFound(id) : problem(403, 'forbidden', 'Forbidden'),
  }),
};
