import type { Flaw } from '../flaw.js';

export const readCountsViews: Flaw = {
  id: 'read-counts-views',
  title: 'Each GET of an order adds one to a number in it.',
  exposes: { check: 'safe-no-effect', code: 'counter-changed', resource: 'order' },
  hooks: base => {
    const views = new Map<string, number>();
    return {
      afterRead: order => void views.set(order.id, (views.get(order.id) ?? 0) + 1),
      represent: (record, use) => ({ ...base.represent(record, use), views: views.get(record.id) ?? 0 }),
    };
  },
};
