import type { Flaw } from '../flaw.js';

export const mismatchReplayed: Flaw = {
  id: 'mismatch-replayed',
  title: 'A key that comes again with another payload gets the first answer, as if it had been executed.',
  exposes: { check: 'key-mismatch-rejected', code: 'replayed-silently', resource: 'order' },
  hooks: base => ({
    mismatch: (attempt, stored) => (stored === null ? base.inFlight(attempt) : base.replay(attempt, stored)),
  }),
};
