import type { Flaw } from '../flaw.js';
import { isRepeated } from '../orders.js';
import { crash } from '../reply.js';

export const putRepeatCrashes: Flaw = {
  id: 'put-repeat-crashes',
  title: 'A PUT that says what is there already is answered with 500.',
  exposes: { check: 'put-repeat-same-state', code: 'crashed', resource: 'order' },
  hooks: base => ({ write: async write => (isRepeated(write) ? crash() : base.write(write)) }),
};
