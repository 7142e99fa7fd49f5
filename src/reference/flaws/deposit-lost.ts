import type { Flaw } from '../flaw.js';
import { notFound, paid } from '../writing.js';

export const depositLost: Flaw = {
  id: 'deposit-lost',
  title: 'The balance is read, added to and written back: of deposits that meet one is left.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'effects-lost', resource: 'account' },
  hooks: (_, { clock, windowMs }) => ({
    deposit: async ({ amount, find, commit }) => {
      const seen = find();
      if (seen === undefined) return notFound();
      await clock.sleep(windowMs);
      return commit(paid(seen.balance, amount));
    },
  }),
};
