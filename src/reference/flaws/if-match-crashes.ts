import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const ifMatchCrashes: Flaw = {
  id: 'if-match-crashes',
  title: 'A change under the current tag is answered with 500.',
  exposes: { check: 'if-match-current-accepted', code: 'crashed', resource: 'order' },
  hooks: base => ({
    precondition: write => {
      const refusal = base.precondition(write);
      return refusal === null && write.conditions.ifMatch !== null ? crash() : refusal;
    },
  }),
};
