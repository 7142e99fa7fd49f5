import type { Flaw } from '../flaw.js';

export const ifNoneMatchCheckedBeforeInsert: Flaw = {
  id: 'if-none-match-checked-before-insert',
  title: 'If-None-Match is checked before the work and not again when the label is stored: everybody creates it.',
  exposes: { check: 'if-none-match-star', code: 'several-winners', resource: 'label' },
  hooks: (base, { clock, windowMs }) => ({
    putLabel: async write => {
      if (write.conditions.ifNoneMatch === null || write.find() !== undefined) return base.putLabel(write);
      await clock.sleep(windowMs);
      return write.commit(write.draft);
    },
  }),
};
