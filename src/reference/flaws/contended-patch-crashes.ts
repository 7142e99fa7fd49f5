import { createContention } from '../contention.js';
import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const contendedPatchCrashes: Flaw = {
  id: 'contended-patch-crashes',
  title: 'A PATCH that meets another one at the same order is answered with 500.',
  exposes: { check: 'patch-concurrent-disjoint', code: 'crashed', resource: 'order' },
  hooks: (base, { clock, windowMs }) => {
    const contention = createContention();
    return {
      write: async write => {
        if (write.method !== 'PATCH') return base.write(write);
        const wait = () => clock.sleep(windowMs);
        return contention.during(write.id, wait, async isContended => (isContended ? crash() : base.write(write)));
      },
    };
  },
};
