import type { Flaw } from '../flaw.js';
import { endpointOf } from '../key-layer.js';

export const otherOperationTakesKeyOver: Flaw = {
  id: 'other-operation-takes-key-over',
  title: 'A key keeps the answer of the operation it was used on last; the first one is executed again.',
  exposes: { check: 'scope-endpoint', code: 'original-lost', resource: 'account' },
  hooks: base => {
    const uses = new Map<string, { readonly endpoint: string; readonly use: number }>();
    return {
      keyLayer: attempt => {
        const [endpoint, key] = [endpointOf(attempt.incoming), `${attempt.incoming.caller} ${attempt.given}`];
        const last = uses.get(key);
        if (last?.endpoint !== endpoint) uses.set(key, { endpoint, use: (last?.use ?? 0) + 1 });
        return base.keyLayer(attempt);
      },
      storeKey: ({ incoming, given }) => {
        const key = `${incoming.caller} ${given}`;
        return `${key} ${uses.get(key)?.use ?? 0}`;
      },
    };
  },
};
