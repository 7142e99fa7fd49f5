import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const deleteUnknownCrashes: Flaw = {
  id: 'delete-unknown-crashes',
  title: 'DELETE of an order that never existed is answered with 500.',
  exposes: { check: 'delete-repeat', code: 'never-existed-crashed', variant: 'never-existed', resource: 'order' },
  hooks: (base, { orders }) => ({
    absent: write =>
      write.method === 'DELETE' && orders.deleted(write.id) === undefined ? crash() : base.absent(write),
  }),
};
