import type { Flaw } from '../flaw.js';
import { add, textIn } from '../shop/items.js';

export const readTakesStock: Flaw = {
  id: 'read-takes-stock',
  title: 'Each GET of a purchase takes one more of its product from the stock.',
  exposes: { check: 'safe-no-effect', code: 'elsewhere-changed', resource: 'purchase', level: 'fail' },
  choices: { shop: true },
  hooks: (base, world) => ({
    readItem: (item, show) => {
      if (item.at === '/purchases') add(world, textIn(item, 'product'), 'stock', -1);
      return base.readItem(item, show);
    },
  }),
};
