import { members } from '../drafts.js';
import type { Flaw } from '../flaw.js';
import { ORDER_STATUSES } from '../records.js';

export const invalidWriteHalfApplied: Flaw = {
  id: 'invalid-write-half-applied',
  title: 'A change that is wrong in one field is refused, and its status is stored all the same.',
  exposes: { check: 'failed-write-no-effect', code: 'applied', resource: 'order' },
  hooks: (base, { orders }) => ({
    refused: request => {
      const order = orders.get(request.id ?? '');
      const status = ORDER_STATUSES.find(one => one === members(request.body).value?.['status']);
      if (order !== undefined && status !== undefined) orders.put({ ...order, status, version: order.version + 1 });
      return base.refused(request);
    },
  }),
};
