import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';
import { refusalOf } from '../writing.js';

export const concurrentDeleteCrashes: Flaw = {
  id: 'concurrent-delete-crashes',
  title: 'Of the DELETEs that meet the losers are answered with 500.',
  exposes: { check: 'delete-concurrent', code: 'crashed', resource: 'order' },
  hooks: (base, { clock, windowMs }) => ({
    write: async write => {
      if (write.method !== 'DELETE') return base.write(write);
      const refusal = refusalOf(write, base);
      if (refusal !== null) return refusal;
      await clock.sleep(windowMs);
      return write.find() === undefined ? crash() : write.commit();
    },
  }),
};
