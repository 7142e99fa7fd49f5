import { expect, test } from 'vitest';
import { ORDER, referenceClient } from '../support/reference-client.js';

test('where numbers are shared, another client moves them, and in the long run leaves them as they were', async () => {
  const api = referenceClient({ choices: { shop: true, sharedNumbers: true, bystanderEveryMs: 100 } });
  const { id: account } = await api.account('o');
  const { id: product } = await api.send('POST', '/products', { name: 'chair', stock: 50 }, { 'idempotency-key': 'p' });
  const numbers = async () => [
    (await api.send('GET', `/accounts/${account}`)).json['balance'],
    (await api.send('GET', `/products/${product}`)).json['stock'],
  ];
  expect(await numbers()).toEqual([0, 50]);
  api.clock.advance(300);
  expect(await numbers()).toEqual([3, 47]);
  api.clock.advance(700);
  expect(await numbers()).toEqual([0, 50]);
});

test('the count of writes of a record stands still between its writes, that of the server does not', async () => {
  const seen = async (revision: 'of-record' | 'of-server') => {
    const api = referenceClient({ choices: { revision, preconditionRequired: false } });
    const { id, json } = await api.order();
    const at = async () => Number((await api.get(id)).json['modifiedIndex']) - Number(json['modifiedIndex']);
    const before = await at();
    await api.order(ORDER);
    const other = await at();
    await api.patch(id, { amount: 1 });
    return [before, other, await at()];
  };
  expect(await seen('of-record')).toEqual([0, 0, 2]);
  expect(await seen('of-server')).toEqual([0, 1, 2]);
});

test('a strong tag does not stand over a count that moves by itself', async () => {
  const tagOf = async (revision: 'none' | 'of-record' | 'of-server') =>
    (await referenceClient({ choices: { revision } }).order()).etag;
  expect((await tagOf('of-record'))?.startsWith('"')).toBe(true);
  expect((await tagOf('of-server'))?.startsWith('W/"')).toBe(true);
});
