import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const crashAfterEffect: Flaw = {
  id: 'crash-after-effect',
  title: 'An order is stored and the request then fails; its key is freed, and each retry stores another order.',
  exposes: { check: 'key-error-policy', variant: 'fault', code: 'executed-twice', resource: 'order' },
  hooks: () => ({
    failing: async create => {
      await create();
      return crash();
    },
  }),
};
