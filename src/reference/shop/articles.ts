import type { World } from '../world.js';
import type { Behaviour } from '../behaviour.js';
import type { Members } from '../records.js';
import { empty } from '../reply.js';
import { add, change, shownItem, textIn } from './items.js';
import type { Shelf } from './shelf.js';

/** Articles: to publish one again changes nothing; each reprint is another edition. */
export function articles(world: World, behaviour: Behaviour): Shelf {
  const become = (id: string, members: Members) => {
    const item = change(world, id, members);
    return item === undefined ? empty(204) : shownItem(behaviour, item);
  };
  return {
    path: '/articles',
    fields: { title: { type: 'text' } },
    filter: 'title',
    begins: { status: 'draft', edition: 1 },
    actions: {
      publish: {
        act: item => ({
          name: 'publish',
          refusal: () => null,
          isDue: () => false,
          effect: () => undefined,
          commit: () => {
            const current = world.items.get(item.id) ?? item;
            const isDraft = textIn(current, 'status') === 'draft';
            return isDraft ? become(item.id, { status: 'published' }) : shownItem(behaviour, current);
          },
        }),
      },
      reprint: {
        act: ({ id }) => ({
          name: 'reprint',
          refusal: () => null,
          isDue: () => true,
          effect: () => add(world, id, 'edition', 1),
          commit: () => become(id, { status: 'reprinted' }),
        }),
      },
    },
  };
}
