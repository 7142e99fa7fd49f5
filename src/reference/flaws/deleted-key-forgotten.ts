import type { Flaw } from '../flaw.js';
import { idOf } from '../reply.js';

export const deletedKeyForgotten: Flaw = {
  id: 'deleted-key-forgotten',
  title: 'Deleting an order makes its key forgotten: a late retry creates it anew.',
  exposes: { check: 'delete-no-resurrection', code: 'created-anew', resource: 'order' },
  hooks: (base, { orders }) => ({
    replay: (attempt, stored) =>
      orders.deleted(idOf(stored)) === undefined ? base.replay(attempt, stored) : attempt.execute(),
  }),
};
