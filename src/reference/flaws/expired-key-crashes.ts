import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const expiredKeyCrashes: Flaw = {
  id: 'expired-key-crashes',
  title: 'A key whose lifetime is over is answered with 500.',
  exposes: { check: 'key-expired-behaviour', code: 'crashed', resource: 'order' },
  choices: { ttlSeconds: 4 },
  hooks: base => {
    const used = new Set<string>();
    return {
      keyLayer: attempt =>
        base.keyLayer({
          ...attempt,
          execute: async () => {
            if (used.has(attempt.key)) return crash();
            used.add(attempt.key);
            return attempt.execute();
          },
        }),
    };
  },
};
