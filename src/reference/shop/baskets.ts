import type { World } from '../world.js';
import type { Behaviour } from '../behaviour.js';
import { empty } from '../reply.js';
import { add, change, notNow, numberIn, shownItem, textIn } from './items.js';
import type { Shelf } from './shelf.js';

/** Baskets, each with the total of its lines. */
export const baskets: Shelf = {
  path: '/baskets',
  fields: { reference: { type: 'text', otherwise: '' } },
  filter: 'reference',
  begins: { total: 0 },
};

/** Lines of a basket: one that is cancelled or deleted counts no more. */
export function lines(world: World, behaviour: Behaviour): Shelf {
  const { items } = world;
  const isOpen = (id: string) => {
    const item = items.get(id) ?? items.deleted(id);
    return item !== undefined && textIn(item, 'status') === 'open';
  };
  const moveTotal = (id: string, direction: 1 | -1) => {
    const item = items.get(id) ?? items.deleted(id);
    if (item !== undefined) add(world, textIn(item, 'basket'), 'total', direction * numberIn(item, 'amount'));
  };
  return {
    path: '/baskets/:id/lines',
    above: 'basket',
    fields: { amount: { type: 'amount' }, text: { type: 'text', otherwise: '' } },
    filter: 'text',
    begins: { status: 'open' },
    made: ({ id }) => moveTotal(id, 1),
    removed: ({ id }) => moveTotal(id, -1),
    isDue: ({ id }) => isOpen(id),
    actions: {
      cancel: {
        act: ({ id }) => ({
          name: 'cancel',
          refusal: () => (isOpen(id) ? null : notNow('The line is cancelled')),
          isDue: () => true,
          effect: () => moveTotal(id, -1),
          commit: () => {
            const cancelled = change(world, id, { status: 'cancelled' });
            return cancelled === undefined ? empty(204) : shownItem(behaviour, cancelled);
          },
        }),
      },
    },
  };
}
