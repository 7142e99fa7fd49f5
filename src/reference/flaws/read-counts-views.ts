import type { Flaw } from '../flaw.js';
import { countingViews } from '../views.js';

export const readCountsViews: Flaw = {
  id: 'read-counts-views',
  title: 'Each GET of an order adds one to a number in it.',
  exposes: { check: 'safe-no-effect', code: 'counter-changed', resource: 'order' },
  hooks: base => {
    const { count, represent } = countingViews(base);
    return { represent, afterRead: order => count(order.id) };
  },
};
