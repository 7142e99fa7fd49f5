import type { Flaw } from '../flaw.js';
import { preconditionFailed, refusalOf } from '../writing.js';

export const loserOverwritesWinner: Flaw = {
  id: 'loser-overwrites-winner',
  title: 'One of the concurrent changes is accepted; the refused ones are written all the same.',
  exposes: { check: 'if-match-concurrent-one-winner', code: 'winner-overwritten', resource: 'order' },
  hooks: (base, { clock, windowMs }) => ({
    write: async write => {
      const refusal = refusalOf(write, base);
      if (refusal !== null) return refusal;
      const seen = write.find()?.version;
      await clock.sleep(windowMs);
      const isLate = write.find()?.version !== seen;
      const reply = write.commit();
      return isLate ? preconditionFailed() : reply;
    },
  }),
};
