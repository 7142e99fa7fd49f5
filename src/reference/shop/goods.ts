import type { World } from '../world.js';
import type { Behaviour } from '../behaviour.js';
import { empty } from '../reply.js';
import { add, change, notNow, numberIn, shownItem, textIn } from './items.js';
import type { Shelf } from './shelf.js';

/** Products, each with a stock. */
export const products: Shelf = {
  path: '/products',
  fields: { name: { type: 'text' }, stock: { type: 'amount', otherwise: 1000 } },
  filter: 'name',
};

/** Purchases take from the stock of a product; a cancelled or deleted one gives it back, once. */
export function purchases(world: World, behaviour: Behaviour): Shelf {
  const { items } = world;
  const isOpen = (id: string) => {
    const item = items.get(id) ?? items.deleted(id);
    return item !== undefined && textIn(item, 'status') === 'open';
  };
  const moveStock = (id: string, direction: 1 | -1) => {
    const item = items.get(id) ?? items.deleted(id);
    if (item !== undefined) add(world, textIn(item, 'product'), 'stock', direction * numberIn(item, 'quantity'));
  };
  return {
    path: '/purchases',
    fields: {
      product: { type: 'text' },
      quantity: { type: 'amount', otherwise: 1 },
      reference: { type: 'text', otherwise: '' },
    },
    filter: 'reference',
    begins: { status: 'open' },
    refusal: ({ product, quantity = 0 }) => {
      const found = items.get(String(product));
      if (found?.at !== products.path) return notNow('There is no such product');
      return numberIn(found, 'stock') < Number(quantity) ? notNow('The product is sold out') : null;
    },
    made: ({ id }) => moveStock(id, -1),
    removed: ({ id }) => moveStock(id, 1),
    isDue: ({ id }) => isOpen(id),
    actions: {
      cancel: {
        act: ({ id }) => ({
          name: 'cancel',
          refusal: () => (isOpen(id) ? null : notNow('The purchase is cancelled')),
          isDue: () => true,
          effect: () => moveStock(id, 1),
          commit: () => {
            const cancelled = change(world, id, { status: 'cancelled' });
            return cancelled === undefined ? empty(204) : shownItem(behaviour, cancelled);
          },
        }),
      },
      // A mail goes out: nothing of the API shows it.
      remind: {
        act: ({ id }) => ({
          name: 'remind',
          refusal: () => null,
          isDue: () => true,
          effect: () => void world.mails.push(id),
          commit: () => empty(204),
        }),
      },
    },
  };
}
