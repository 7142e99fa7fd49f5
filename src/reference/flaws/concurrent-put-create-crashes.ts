import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const concurrentPutCreateCrashes: Flaw = {
  id: 'concurrent-put-create-crashes',
  title: 'The insert of a PUT that loses a race violates the primary key, and is answered with 500.',
  exposes: { check: 'put-create-concurrent', code: 'crashed', resource: 'label' },
  hooks: (base, { clock, windowMs }) => ({
    putLabel: async write => {
      if (write.find() !== undefined) return base.putLabel(write);
      await clock.sleep(windowMs);
      return write.find() === undefined ? write.commit(write.draft) : crash();
    },
  }),
};
