import type { Flaw } from '../flaw.js';

export const uniqueCheckedBeforeInsert: Flaw = {
  id: 'unique-checked-before-insert',
  title: 'Whether the owner has an account is looked up before the insert and not again: all who meet get one.',
  exposes: { check: 'natural-duplicate-concurrent', code: 'duplicate-created', resource: 'account' },
  hooks: (base, { clock, windowMs }) => ({
    create: async creation => {
      const twin = creation.twin();
      if (twin !== undefined) return base.duplicate(creation, twin);
      await clock.sleep(windowMs);
      return base.created(creation.insert());
    },
  }),
};
