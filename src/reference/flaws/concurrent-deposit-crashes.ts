import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';
import { notFound, paid } from '../writing.js';

export const concurrentDepositCrashes: Flaw = {
  id: 'concurrent-deposit-crashes',
  title: 'Of deposits that meet one is accepted; the others are answered with 500, as after a deadlock.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'crashed', resource: 'account' },
  hooks: (_, { clock, windowMs }) => ({
    deposit: async ({ amount, find, commit }) => {
      const seen = find()?.version;
      await clock.sleep(windowMs);
      const now = find();
      if (now === undefined) return notFound();
      return now.version === seen ? commit(paid(now.balance, amount)) : crash();
    },
  }),
};
