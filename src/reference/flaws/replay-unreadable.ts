import type { Flaw } from '../flaw.js';

export const replayUnreadable: Flaw = {
  id: 'replay-unreadable',
  title: 'The stored answer cannot be read back: a retry ends in an exception.',
  exposes: { check: 'key-replay-response', code: 'crashed', resource: 'order' },
  hooks: () => ({
    replay: () => {
      throw new TypeError('the stored answer is not iterable');
    },
  }),
};
