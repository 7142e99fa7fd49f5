import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const ifNoneMatchCrashes: Flaw = {
  id: 'if-none-match-crashes',
  title:
    'A PUT with If-None-Match: * to a label that is there is answered with 500: the insert violates the primary key.',
  exposes: { check: 'if-none-match-star', code: 'crashed', resource: 'label' },
  hooks: base => ({
    putLabel: async write => {
      const reply = await base.putLabel(write);
      return reply.status === 412 && write.conditions.ifNoneMatch !== null ? crash() : reply;
    },
  }),
};
