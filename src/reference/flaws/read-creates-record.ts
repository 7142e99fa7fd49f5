import type { Flaw } from '../flaw.js';

export const readCreatesRecord: Flaw = {
  id: 'read-creates-record',
  title: 'Each GET of an order creates another one like it.',
  exposes: { check: 'safe-no-effect', code: 'record-created', resource: 'order' },
  hooks: (_, { ids, orders }) => ({ afterRead: order => orders.put({ ...order, id: ids() }) }),
};
