import type { Flaw } from '../flaw.js';

export const deletedStillListed: Flaw = {
  id: 'deleted-still-listed',
  title: 'A deleted order can no longer be read, but stays in the list.',
  exposes: { check: 'delete-then-get', code: 'still-listed', resource: 'order' },
  hooks: (base, { orders }) => ({ listedOrders: () => [...base.listedOrders(), ...orders.allDeleted()] }),
};
