import type { Flaw } from '../flaw.js';

export const raceLeavesKeyLocked: Flaw = {
  id: 'race-leaves-key-locked',
  title: 'A key for which requests once met is called in flight for ever, though the winner was answered.',
  exposes: { check: 'key-concurrent-loser', code: 'never-converges', resource: 'order' },
  declares: { inflightTimeoutSeconds: 2 },
  hooks: base => {
    const locked = new Set<string>();
    return {
      inFlight: attempt => {
        locked.add(attempt.key);
        return base.inFlight(attempt);
      },
      replay: (attempt, stored) => (locked.has(attempt.key) ? base.inFlight(attempt) : base.replay(attempt, stored)),
    };
  },
};
