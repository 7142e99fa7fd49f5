import type { Flaw } from '../flaw.js';
import { gatewayTimeout } from '../upstream.js';
import type { Reply } from '../reply.js';

const EVERY = 7;

export const timeoutStored: Flaw = {
  id: 'timeout-stored',
  title: 'The order is made, its answer is late: the 504 is stored under the key, and given again for ever.',
  exposes: { check: 'key-error-policy', variant: 'transient', code: 'transient-error-stored', resource: 'order' },
  inDemo: false,
  hooks: base => {
    const stored = new Map<string, Reply>();
    let made = 0;
    return {
      keyLayer: async attempt => {
        const known = stored.get(attempt.key);
        if (known !== undefined) return known;
        const execute = async () => {
          const reply = await attempt.execute();
          made += 1;
          if (made % EVERY === 0) stored.set(attempt.key, gatewayTimeout());
          return reply;
        };
        const reply = await base.keyLayer({ ...attempt, execute });
        return stored.get(attempt.key) ?? reply;
      },
    };
  },
};
