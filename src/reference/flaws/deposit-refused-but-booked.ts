import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';
import { notFound, paid } from '../writing.js';

export const depositRefusedButBooked: Flaw = {
  id: 'deposit-refused-but-booked',
  title: 'Of deposits that meet one is accepted; the others are answered with 409 and booked all the same.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'effects-added', resource: 'account' },
  hooks: (_, { clock, windowMs }) => ({
    deposit: async ({ amount, find, commit }) => {
      const seen = find()?.version;
      await clock.sleep(windowMs);
      const now = find();
      if (now === undefined) return notFound();
      const reply = commit(paid(now.balance, amount));
      return now.version === seen ? reply : problem(409, 'conflict', 'The account has changed');
    },
  }),
};
