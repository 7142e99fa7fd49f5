import type { Flaw } from '../flaw.js';

export const deletedStillReadable: Flaw = {
  id: 'deleted-still-readable',
  title: 'A deleted order leaves the list, but is read as before.',
  exposes: { check: 'delete-then-get', code: 'still-readable', resource: 'order' },
  hooks: (base, { orders }) => ({ findOrder: id => base.findOrder(id) ?? orders.deleted(id) }),
};
