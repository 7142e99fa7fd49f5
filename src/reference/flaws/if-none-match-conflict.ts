import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const ifNoneMatchConflict: Flaw = {
  id: 'if-none-match-conflict',
  title: 'A PUT with If-None-Match: * to a label that is there is refused with 409.',
  exposes: { check: 'if-none-match-star', code: 'refused-otherwise', resource: 'label' },
  hooks: base => ({
    putLabel: async write => {
      const reply = await base.putLabel(write);
      const isOurs = reply.status === 412 && write.conditions.ifNoneMatch !== null;
      return isOurs ? problem(409, 'exists', 'The label exists') : reply;
    },
  }),
};
