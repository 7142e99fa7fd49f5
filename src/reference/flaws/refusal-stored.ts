import type { Flaw } from '../flaw.js';
import type { Reply } from '../reply.js';

export const refusalStored: Flaw = {
  id: 'refusal-stored',
  title: 'A refusal is stored under its key and given again, also to the corrected request.',
  exposes: { check: 'key-error-policy', variant: 'invalid', code: 'correction-refused', resource: 'order' },
  hooks: base => {
    const refusals = new Map<string, Reply>();
    return {
      keyLayer: async attempt => {
        const reply = refusals.get(attempt.key) ?? (await base.keyLayer(attempt));
        if (reply.status === 400) refusals.set(attempt.key, reply);
        return reply;
      },
    };
  },
};
