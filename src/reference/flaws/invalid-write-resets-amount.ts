import type { Flaw } from '../flaw.js';

export const invalidWriteResetsAmount: Flaw = {
  id: 'invalid-write-resets-amount',
  title: 'A change with an amount that is not valid is refused, and sets the amount to 0.',
  exposes: { check: 'failed-write-no-effect', code: 'state-changed', resource: 'order' },
  hooks: (base, { orders }) => ({
    refused: request => {
      const order = orders.get(request.id ?? '');
      if (order !== undefined) orders.put({ ...order, amount: 0, version: order.version + 1 });
      return base.refused(request);
    },
  }),
};
