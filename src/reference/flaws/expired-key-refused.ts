import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const expiredKeyRefused: Flaw = {
  id: 'expired-key-refused',
  title: 'A key whose lifetime is over is refused with 400, and nothing says so.',
  exposes: { check: 'key-expired-behaviour', code: 'refused', resource: 'order' },
  choices: { ttlSeconds: 4 },
  hooks: base => {
    const used = new Set<string>();
    return {
      keyLayer: attempt =>
        base.keyLayer({
          ...attempt,
          execute: async () => {
            if (used.has(attempt.key)) return problem(400, 'key-over', 'This key cannot be used any more');
            used.add(attempt.key);
            return attempt.execute();
          },
        }),
    };
  },
};
