import type { Flaw } from '../flaw.js';
import { createTornWrite } from '../torn-write.js';

export const putWrittenInTwoSteps: Flaw = {
  id: 'put-written-in-two-steps',
  title: 'PUT writes the text first and the rest later: writes that meet leave a mixture.',
  exposes: { check: 'put-concurrent-whole', code: 'mixed', resource: 'label' },
  hooks: (base, world) => {
    const torn = createTornWrite(world);
    return { putLabel: async write => (write.find() === undefined ? base.putLabel(write) : torn(write)) };
  },
};
