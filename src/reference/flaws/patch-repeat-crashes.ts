import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const patchRepeatCrashes: Flaw = {
  id: 'patch-repeat-crashes',
  title: 'A PATCH that changes nothing is answered with 500: no row was updated.',
  exposes: { check: 'patch-repeat-no-drift', code: 'crashed', resource: 'order' },
  hooks: base => {
    const last = new Map<string, string>();
    return {
      written: (write, order, isNew) => {
        const { amount, status, reference, note, tags } = order;
        const wording = JSON.stringify([amount, status, reference, note, tags]);
        const isSame = write.method === 'PATCH' && last.get(order.id) === wording;
        last.set(order.id, wording);
        return isSame ? crash() : base.written(write, order, isNew);
      },
    };
  },
};
