import type { Flaw } from '../flaw.js';

export const memberOrderRandom: Flaw = {
  id: 'member-order-random',
  title: 'Every other read writes the members of the JSON in another order under the same strong tag.',
  exposes: { check: 'etag-stable', code: 'reformatted', resource: 'order' },
  hooks: base => {
    let reads = 0;
    return {
      serialise: (value, use) => {
        if (use !== 'read') return base.serialise(value, use);
        reads += 1;
        return base.serialise(reads % 2 === 0 ? Object.fromEntries(Object.entries(value).toReversed()) : value, use);
      },
    };
  },
};
