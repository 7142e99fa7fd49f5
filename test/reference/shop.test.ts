import { JSONPointer } from 'json-p3';
import { expect, test } from 'vitest';
import { referenceClient, type ReferenceClient } from '../support/reference-client.js';

const shop = () => referenceClient({ choices: { shop: true } });

const post = (api: ReferenceClient, path: string, body?: object) =>
  api.send('POST', path, body, { 'idempotency-key': api.newKey() });

const get = async (api: ReferenceClient, path: string) => (await api.send('GET', path)).json;

test('a purchase takes stock; what is cancelled or deleted gives it back, once', async () => {
  const api = shop();
  const { id: product } = await post(api, '/products', { name: 'chair', stock: 5 });
  const stock = async () => (await get(api, `/products/${product}`))['stock'];
  const [one, two] = [
    await post(api, '/purchases', { product, quantity: 2 }),
    await post(api, '/purchases', { product }),
  ];
  expect([one.status, two.status, await stock()]).toEqual([201, 201, 2]);
  expect((await post(api, '/purchases', { product, quantity: 3 })).status).toBe(409);
  expect((await post(api, `/purchases/${one.id}/cancel`)).json['status']).toBe('cancelled');
  expect((await post(api, `/purchases/${one.id}/cancel`)).status).toBe(409);
  expect((await api.send('DELETE', `/purchases/${one.id}`)).status).toBe(204);
  expect(await stock()).toBe(4);
  expect((await api.send('DELETE', `/purchases/${two.id}`)).status).toBe(204);
  expect((await api.send('DELETE', `/purchases/${two.id}`)).status).toBe(404);
  expect(await stock()).toBe(5);
});

test('only what was paid in can be taken out', async () => {
  const api = shop();
  const { id } = await post(api, '/wallets', { owner: 'o' });
  expect((await post(api, `/wallets/${id}/withdrawals`, { amount: 5 })).status).toBe(409);
  expect((await post(api, `/wallets/${id}/deposits`, { amount: 8 })).json['balance']).toBe(8);
  expect((await post(api, `/wallets/${id}/withdrawals`, { amount: 5 })).json['balance']).toBe(3);
  expect((await post(api, `/wallets/${id}/withdrawals`, { amount: 5 })).status).toBe(409);
});

test('a refund shows in the wallet, and in nothing of its payment', async () => {
  const api = shop();
  const { id: wallet } = await post(api, '/wallets', { owner: 'o' });
  const { id } = await post(api, '/payments', { wallet, amount: 20 });
  const before = await get(api, `/payments/${id}`);
  expect((await post(api, `/payments/${id}/refunds`, { amount: 5 })).status).toBe(201);
  expect(await get(api, `/payments/${id}`)).toEqual(before);
  expect((await get(api, `/wallets/${wallet}`))['balance']).toBe(5);
});

test('the total of a basket is that of its open lines', async () => {
  const api = shop();
  const { id } = await post(api, '/baskets', { reference: 'b' });
  const total = async () => (await get(api, `/baskets/${id}`))['total'];
  const one = await post(api, `/baskets/${id}/lines`, { amount: 7, text: 'x' });
  await post(api, `/baskets/${id}/lines`, { amount: 3 });
  expect([await total(), one.headers.get('location')]).toEqual([10, `/baskets/${id}/lines/${one.id}`]);
  expect((await get(api, `/baskets/${id}/lines?text=x`))['items']).toHaveLength(1);
  await post(api, `/baskets/${id}/lines/${one.id}/cancel`);
  expect(await total()).toBe(3);
  await api.send('DELETE', `/baskets/${id}/lines/${one.id}`);
  expect(await total()).toBe(3);
  expect((await post(api, '/baskets/none/lines', { amount: 1 })).status).toBe(404);
});

test('an article is published once, and reprinted any number of times', async () => {
  const api = shop();
  const { id } = await post(api, '/articles', { title: 't' });
  const [first, second] = [await post(api, `/articles/${id}/publish`), await post(api, `/articles/${id}/publish`)];
  expect([first.json['status'], second.status, second.text]).toEqual(['published', 200, first.text]);
  for (const _ of [1, 2]) await post(api, `/articles/${id}/reprint`);
  expect(await get(api, `/articles/${id}`)).toMatchObject({ status: 'reprinted', edition: 3 });
});

test('who comes to be gold gets points, once', async () => {
  const api = shop();
  const { id } = await post(api, '/wallets', { owner: 'o' });
  const at = `/wallets/${id}/membership`;
  const points = async () => (await get(api, `/wallets/${id}`))['points'];
  expect(await get(api, at)).toEqual({ tier: 'basic', remark: '' });
  for (const method of ['PUT', 'PUT', 'PATCH']) await api.send(method, at, { tier: 'gold', remark: 'r' });
  expect([await points(), await get(api, at)]).toEqual([100, { tier: 'gold', remark: 'r' }]);
  await api.send('PATCH', at, { remark: 's' });
  expect(await get(api, at)).toEqual({ tier: 'gold', remark: 's' });
  expect((await api.send('PUT', at, { tier: 'silver' })).status).toBe(400);
});

test('a reminder is a mail, which the API does not show', async () => {
  const api = shop();
  const { id: product } = await post(api, '/products', { name: 'chair' });
  const { id } = await post(api, '/purchases', { product });
  const before = await get(api, `/purchases/${id}`);
  expect((await post(api, `/purchases/${id}/remind`)).status).toBe(204);
  expect(await get(api, `/purchases/${id}`)).toEqual(before);
  expect(await get(api, '/admin/mails')).toEqual({ mails: [id] });
});

test('without the choice there is no shop; with it, the document has it', async () => {
  expect((await referenceClient().send('GET', '/products')).status).toBe(404);
  const document = JSON.parse((await shop().send('GET', '/openapi.json')).text);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]*)"/g)].map(([, found = '']) => found);
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter(one => !new JSONPointer(one.replace('#', '')).exists(document))).toEqual([]);
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining(['/purchases/{id}/cancel', '/baskets/{id}/lines/{line}', '/wallets/{id}/membership']),
  );
});
