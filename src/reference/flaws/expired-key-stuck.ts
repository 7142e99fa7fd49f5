import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const expiredKeyStuck: Flaw = {
  id: 'expired-key-stuck',
  title: 'The mark of a request in flight has no end: when the answer is gone, the key is refused with 409 for ever.',
  exposes: { check: 'key-expired-behaviour', code: 'stuck', resource: 'order' },
  choices: { ttlSeconds: 4 },
  hooks: base => {
    const marked = new Set<string>();
    return {
      keyLayer: attempt =>
        base.keyLayer({
          ...attempt,
          execute: async () => {
            if (marked.has(attempt.key))
              return problem(409, 'key-in-flight', 'A request with this key is being worked on');
            marked.add(attempt.key);
            return attempt.execute();
          },
        }),
    };
  },
};
