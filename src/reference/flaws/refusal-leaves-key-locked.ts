import type { Flaw } from '../flaw.js';

export const refusalLeavesKeyLocked: Flaw = {
  id: 'refusal-leaves-key-locked',
  title: 'A refused request leaves its key in flight for ever.',
  exposes: { check: 'key-error-policy', variant: 'invalid', code: 'refusal-changed', resource: 'order' },
  hooks: base => {
    const locked = new Set<string>();
    return {
      keyLayer: async attempt => {
        if (locked.has(attempt.key)) return base.inFlight(attempt);
        const reply = await base.keyLayer(attempt);
        if (reply.status === 400) locked.add(attempt.key);
        return reply;
      },
    };
  },
};
