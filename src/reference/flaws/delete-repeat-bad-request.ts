import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const deleteRepeatBadRequest: Flaw = {
  id: 'delete-repeat-bad-request',
  title: 'The second DELETE is refused with 400.',
  exposes: { check: 'delete-repeat', code: 'odd-status', resource: 'order' },
  hooks: (base, { orders }) => ({
    absent: write =>
      write.method === 'DELETE' && orders.deleted(write.id) !== undefined
        ? problem(400, 'invalid', 'Bad Request')
        : base.absent(write),
  }),
};
