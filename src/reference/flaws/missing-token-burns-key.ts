import type { Flaw } from '../flaw.js';
import { KEY_HEADER } from '../key-layer.js';
import { problem } from '../reply.js';

export const missingTokenBurnsKey: Flaw = {
  id: 'missing-token-burns-key',
  title: 'The refusal of a wrong token is stored under the key, and given to the right caller too.',
  exposes: { check: 'key-error-policy', variant: 'credentials', code: 'refusal-replayed', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => {
    const burnt = new Set<string>();
    return {
      unauthenticated: incoming => {
        const key = incoming.headers.get(KEY_HEADER);
        if (key !== null) burnt.add(key);
        return base.unauthenticated(incoming);
      },
      keyLayer: async attempt =>
        burnt.has(attempt.given) ? problem(401, 'unauthorized', 'A valid token is required') : base.keyLayer(attempt),
    };
  },
};
