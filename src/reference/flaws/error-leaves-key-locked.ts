import type { Flaw } from '../flaw.js';

export const errorLeavesKeyLocked: Flaw = {
  id: 'error-leaves-key-locked',
  title: 'A request that fails leaves its key in flight for ever.',
  exposes: { check: 'key-error-policy', variant: 'fault', code: 'key-stuck', resource: 'order' },
  declares: { inflightTimeoutSeconds: 2 },
  hooks: base => {
    const locked = new Set<string>();
    return {
      keyLayer: async attempt => {
        if (locked.has(attempt.key)) return base.inFlight(attempt);
        const reply = await base.keyLayer(attempt);
        if (reply.status === 500) locked.add(attempt.key);
        return reply;
      },
    };
  },
};
