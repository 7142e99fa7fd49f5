import type { Flaw } from '../flaw.js';
import { isRepeated } from '../orders.js';
import { problem } from '../reply.js';

export const putRepeatRefused: Flaw = {
  id: 'put-repeat-refused',
  title: 'A PUT that says what is there already is refused with 422.',
  exposes: { check: 'put-repeat-same-state', code: 'repeat-refused', resource: 'order' },
  hooks: base => ({
    write: async write =>
      isRepeated(write) ? problem(422, 'no-change', 'There is nothing to change') : base.write(write),
  }),
};
