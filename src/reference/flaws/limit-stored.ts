import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const limitStored: Flaw = {
  id: 'limit-stored',
  title: 'A 429 is stored under its key, and given again when the client has waited.',
  exposes: { check: 'key-error-policy', variant: 'limit', code: 'limit-replayed', resource: 'order' },
  declares: { limits: true },
  hooks: base => {
    const turnedAway = new Set<string>();
    return {
      keyLayer: async attempt => {
        if (turnedAway.has(attempt.key)) return problem(429, 'rate', 'Too many requests');
        const reply = await base.keyLayer(attempt);
        if (reply.status === 429) turnedAway.add(attempt.key);
        return reply;
      },
    };
  },
};
