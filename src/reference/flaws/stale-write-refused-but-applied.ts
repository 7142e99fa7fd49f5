import type { Flaw } from '../flaw.js';

export const staleWriteRefusedButApplied: Flaw = {
  id: 'stale-write-refused-but-applied',
  title: 'A change to an outdated version is answered with 412, and applied.',
  exposes: { check: 'if-match-stale-rejected', code: 'refused-but-applied', resource: 'order' },
  hooks: base => ({
    precondition: write => {
      const refusal = base.precondition(write);
      if (refusal?.status === 412 && write.find() !== undefined) write.commit();
      return refusal;
    },
  }),
};
