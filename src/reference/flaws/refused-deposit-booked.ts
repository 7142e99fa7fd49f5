import { members } from '../drafts.js';
import type { Flaw } from '../flaw.js';

export const refusedDepositBooked: Flaw = {
  id: 'refused-deposit-booked',
  title: 'A deposit of a negative amount is booked first and refused afterwards.',
  exposes: { check: 'failed-write-no-effect', code: 'effect-counted', resource: 'account' },
  hooks: (base, { accounts }) => ({
    refused: request => {
      const account = accounts.get(request.id ?? '');
      const amount = members(request.body).value?.['amount'];
      if (account !== undefined && typeof amount === 'number') {
        accounts.put({ ...account, balance: account.balance + amount, version: account.version + 1 });
      }
      return base.refused(request);
    },
  }),
};
