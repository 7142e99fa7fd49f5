import type { Flaw } from '../flaw.js';

export const readChangesField: Flaw = {
  id: 'read-changes-field',
  title: 'Each GET of an order adds a cent to its amount.',
  exposes: { check: 'safe-no-effect', code: 'field-changed', resource: 'order' },
  hooks: (_, { orders }) => ({
    afterRead: order => orders.put({ ...order, amount: Math.round(order.amount * 100 + 1) / 100 }),
  }),
};
