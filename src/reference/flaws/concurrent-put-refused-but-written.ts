import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const concurrentPutRefusedButWritten: Flaw = {
  id: 'concurrent-put-refused-but-written',
  title: 'Of the PUTs that meet one is accepted; the others are answered with 409 and written all the same.',
  exposes: { check: 'put-concurrent-whole', code: 'refused-applied', resource: 'label' },
  hooks: (_, { clock, windowMs }) => ({
    putLabel: async ({ draft, find, commit }) => {
      const seen = find()?.version;
      await clock.sleep(windowMs);
      const isLate = find()?.version !== seen;
      const reply = commit(draft);
      return isLate ? problem(409, 'conflict', 'The label has changed') : reply;
    },
  }),
};
