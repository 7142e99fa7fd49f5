import type { World } from '../world.js';
import { json } from '../reply.js';
import { add, notNow, numberIn, textIn } from './items.js';
import type { Shelf } from './shelf.js';

const AMOUNT = { amount: { type: 'amount' } } as const;

/** Wallets with a balance and points: what was paid in can be taken out. */
export function wallets(world: World): Shelf {
  const balanceOf = (id: string) => {
    const item = world.items.get(id);
    return item === undefined ? 0 : numberIn(item, 'balance');
  };
  const moved = (id: string, amount: number) =>
    json(201, { id: world.ids(), wallet: id, amount, balance: balanceOf(id) });
  return {
    path: '/wallets',
    fields: { owner: { type: 'text' } },
    filter: 'owner',
    begins: { balance: 0, points: 0 },
    actions: {
      deposits: {
        fields: AMOUNT,
        act: ({ id }, { amount }) => ({
          name: 'deposit',
          refusal: () => null,
          isDue: () => true,
          effect: () => add(world, id, 'balance', Number(amount)),
          commit: () => moved(id, Number(amount)),
        }),
      },
      withdrawals: {
        fields: AMOUNT,
        act: ({ id }, { amount }) => ({
          name: 'withdraw',
          refusal: () => (balanceOf(id) < Number(amount) ? notNow('The balance is too low') : null),
          isDue: () => true,
          effect: () => add(world, id, 'balance', -Number(amount)),
          commit: () => moved(id, -Number(amount)),
        }),
      },
    },
  };
}

/** Payments: what is refunded goes to the wallet that the payment names, and shows in nothing of the payment. */
export function payments(world: World): Shelf {
  const { ids, items } = world;
  return {
    path: '/payments',
    fields: { wallet: { type: 'text' }, amount: { type: 'amount' }, reference: { type: 'text', otherwise: '' } },
    filter: 'reference',
    refusal: ({ wallet }) => {
      return items.get(String(wallet))?.at === '/wallets' ? null : notNow('There is no such wallet');
    },
    actions: {
      refunds: {
        fields: AMOUNT,
        act: (payment, { amount }) => ({
          name: 'refund',
          refusal: () => null,
          isDue: () => true,
          effect: () => add(world, textIn(payment, 'wallet'), 'balance', Number(amount)),
          commit: () => json(201, { id: ids(), payment: payment.id, amount }),
        }),
      },
    },
  };
}
