import type { Flaw } from '../flaw.js';
import { createTornWrite } from '../torn-write.js';

export const putCreatedInTwoSteps: Flaw = {
  id: 'put-created-in-two-steps',
  title: 'PUT makes a label with its text first and writes the rest later: PUTs that meet leave a mixture.',
  exposes: { check: 'put-create-concurrent', code: 'mixed', resource: 'label' },
  hooks: (_, world) => ({ putLabel: createTornWrite(world) }),
};
