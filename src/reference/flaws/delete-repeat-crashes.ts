import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const deleteRepeatCrashes: Flaw = {
  id: 'delete-repeat-crashes',
  title: 'The second DELETE is answered with 500.',
  exposes: { check: 'delete-repeat', code: 'repeat-crashed', resource: 'order' },
  hooks: (base, { orders }) => ({
    absent: write =>
      write.method === 'DELETE' && orders.deleted(write.id) !== undefined ? crash() : base.absent(write),
  }),
};
