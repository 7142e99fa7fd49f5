import type { Flaw } from '../flaw.js';

export const refusedDepositOpensAccount: Flaw = {
  id: 'refused-deposit-opens-account',
  title: 'A deposit to an account that does not exist is answered with 404, and leaves an account behind.',
  exposes: {
    check: 'failed-write-no-effect',
    code: 'target-created',
    variant: 'unknown-target',
    resource: 'account',
  },
  hooks: (base, { accounts, clock }) => ({
    refused: request => {
      const { id, kind, refusal } = request;
      const nowMs = clock.nowMs();
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
      if (id !== null && kind === 'deposit' && refusal.status === 404) {
        accounts.put({ kind: 'account', id, owner: id, currency: 'EUR', balance: 0, version: 1, ...times });
      }
      return base.refused(request);
    },
  }),
};
