import type { Flaw } from '../flaw.js';
import { refusalOf } from '../writing.js';

export const ifMatchCheckedBeforeWork: Flaw = {
  id: 'if-match-checked-before-work',
  title: 'If-Match is compared before the work and not again when the change is written: everybody wins.',
  exposes: { check: 'if-match-concurrent-one-winner', code: 'several-winners', resource: 'order' },
  hooks: (base, { clock, windowMs }) => ({
    write: async write => {
      const refusal = refusalOf(write, base);
      if (refusal !== null) return refusal;
      await clock.sleep(windowMs);
      return write.commit();
    },
  }),
};
