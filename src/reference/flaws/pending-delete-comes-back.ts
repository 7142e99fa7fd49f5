import type { Flaw } from '../flaw.js';
import type { Order } from '../records.js';
import { isPending } from '../writing.js';

export const pendingDeleteComesBack: Flaw = {
  id: 'pending-delete-comes-back',
  title: 'An order that is deleted while it is pending is gone, and there again when its making is done.',
  exposes: { check: 'delete-no-resurrection', code: 'finished-after-delete', variant: 'unfinished', resource: 'order' },
  choices: { createAnswer: 'pending' },
  hooks: (base, world) => {
    const { orders } = world;
    const unfinished = new Map<string, Order>();
    const finish = () => {
      for (const [id, order] of unfinished) {
        if (isPending(world, order)) continue;
        unfinished.delete(id);
        orders.put(order);
      }
    };
    return {
      remove: id => {
        const order = orders.get(id);
        if (order !== undefined && isPending(world, order)) unfinished.set(id, order);
        base.remove(id);
      },
      findOrder: id => {
        finish();
        return base.findOrder(id);
      },
      listedOrders: () => {
        finish();
        return base.listedOrders();
      },
    };
  },
};
