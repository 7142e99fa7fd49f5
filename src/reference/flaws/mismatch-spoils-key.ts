import type { Flaw } from '../flaw.js';

export const mismatchSpoilsKey: Flaw = {
  id: 'mismatch-spoils-key',
  title: 'A key that came with another payload refuses the first request from then on.',
  exposes: { check: 'key-mismatch-rejected', code: 'original-lost', resource: 'order' },
  hooks: base => {
    const spoilt = new Set<string>();
    return {
      mismatch: (attempt, stored) => {
        spoilt.add(attempt.key);
        return base.mismatch(attempt, stored);
      },
      replay: (attempt, stored) =>
        spoilt.has(attempt.key) ? base.mismatch(attempt, stored) : base.replay(attempt, stored),
    };
  },
};
