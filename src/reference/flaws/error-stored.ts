import type { Flaw } from '../flaw.js';
import type { Reply } from '../reply.js';

export const errorStored: Flaw = {
  id: 'error-stored',
  title: 'An error is stored under its key and given again, whatever the request says then.',
  exposes: { check: 'key-error-policy', variant: 'fault', code: 'error-stored', resource: 'order' },
  hooks: base => {
    const errors = new Map<string, Reply>();
    return {
      keyLayer: async attempt => {
        const reply = errors.get(attempt.key) ?? (await base.keyLayer(attempt));
        if (reply.status === 500) errors.set(attempt.key, reply);
        return reply;
      },
    };
  },
};
