import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const concurrentPutCrashes: Flaw = {
  id: 'concurrent-put-crashes',
  title: 'Of the PUTs that meet one is accepted; the others are answered with 500, as when a database is locked.',
  exposes: { check: 'put-concurrent-whole', code: 'crashed', resource: 'label' },
  hooks: (_, { clock, windowMs }) => ({
    putLabel: async ({ draft, find, commit }) => {
      const seen = find()?.version;
      await clock.sleep(windowMs);
      return find()?.version === seen ? commit(draft) : crash();
    },
  }),
};
