import type { Flaw } from '../flaw.js';

export const loserCrashes: Flaw = {
  id: 'loser-crashes',
  title: 'A request that meets its twin in flight ends in an exception.',
  exposes: { check: 'key-concurrent-loser', code: 'crashed', resource: 'order' },
  hooks: () => ({
    inFlight: () => {
      throw new TypeError('the stored answer is not there yet');
    },
  }),
};
