import type { Flaw } from '../flaw.js';
import { newOrder } from '../writing.js';

export const putAddsRecord: Flaw = {
  id: 'put-adds-record',
  title: 'PUT to an order that is there adds another order with the same content.',
  exposes: { check: 'put-repeat-same-state', code: 'record-added', resource: 'order' },
  hooks: (base, { clock, ids, orders }) => ({
    replaced: (existing, draft, id) => {
      if (existing !== undefined) orders.put({ ...newOrder(ids(), ids(), clock.nowMs()), ...draft });
      return base.replaced(existing, draft, id);
    },
  }),
};
