import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const deletedReadCrashes: Flaw = {
  id: 'deleted-read-crashes',
  title: 'Reading a deleted order is answered with 500.',
  exposes: { check: 'delete-then-get', code: 'crashed', resource: 'order' },
  hooks: (base, { orders }) => ({
    orderNotFound: id => (orders.deleted(id) === undefined ? base.orderNotFound(id) : crash()),
  }),
};
