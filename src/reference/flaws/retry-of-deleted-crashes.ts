import type { Flaw } from '../flaw.js';
import { crash, idOf } from '../reply.js';

export const retryOfDeletedCrashes: Flaw = {
  id: 'retry-of-deleted-crashes',
  title: 'A retry of the create of a deleted order is answered with 500.',
  exposes: { check: 'delete-no-resurrection', code: 'crashed', resource: 'order' },
  hooks: (base, { orders }) => ({
    replay: (attempt, stored) => (orders.deleted(idOf(stored)) === undefined ? base.replay(attempt, stored) : crash()),
  }),
};
