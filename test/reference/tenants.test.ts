import { expect, test } from 'vitest';
import { ORDER, referenceClient } from '../support/reference-client.js';

const [a, b, reader] = ['tenant-a', 'tenant-b', 'tenant-a-reader'].map(token => ({ authorization: `Bearer ${token}` }));
const guarded = () => referenceClient({ choices: { callers: 'tenants' } });

test.each([
  [{}],
  [{ authorization: 'Bearer tenant-c' }],
  [{ authorization: 'Bearer toString' }],
  [{ authorization: 'tenant-a' }],
])('nobody gets in with %j', async headers => {
  const api = guarded();
  expect((await api.order(ORDER, 'k', headers)).status).toBe(401);
  expect((await api.get('1', headers)).status).toBe(401);
  expect((await api.order(ORDER, 'k', a)).status).toBe(201);
});

test('each tenant has records of its own', async () => {
  const api = guarded();
  const mine = await api.order(ORDER, 'k', a);
  expect((await api.get(mine.id, a)).status).toBe(200);
  expect((await api.get(mine.id, b)).status).toBe(404);
  expect((await api.send('GET', '/orders', undefined, b)).json['items']).toEqual([]);
});

test('a user of several tenants says for which one a request is', async () => {
  const api = referenceClient({ choices: { callers: 'tenant-header' } });
  const as = (tenant: string, token = 'user') => ({ authorization: `Bearer ${token}`, 'x-tenant': tenant });
  const [mine, theirs] = [await api.order(ORDER, 'k', as('a')), await api.order(ORDER, 'k', as('b'))];
  expect([mine.status, theirs.status, mine.id === theirs.id]).toEqual([201, 201, false]);
  expect((await api.get(mine.id, as('b'))).status).toBe(404);
  expect((await api.order(ORDER, 'k', as('a', 'user-reader'))).status).toBe(403);
  for (const headers of [{ authorization: 'Bearer user' }, as('c'), as('a', 'tenant-a')]) {
    expect((await api.order(ORDER, 'k', headers)).status).toBe(401);
  }
  expect(JSON.stringify((await api.send('GET', '/openapi.json')).json['paths'])).toContain(
    '#/components/parameters/Tenant',
  );
});

test('a key belongs to one tenant', async () => {
  const api = guarded();
  const [mine, theirs] = [await api.order(ORDER, 'k', a), await api.order({ ...ORDER, amount: 1 }, 'k', b)];
  expect([mine.status, theirs.status, mine.id === theirs.id]).toEqual([201, 201, false]);
  expect((await api.order(ORDER, 'k', a)).id).toBe(mine.id);
});

test('a reader looks and changes nothing, not even by a replay', async () => {
  const api = guarded();
  const made = await api.order(ORDER, 'k', a);
  expect((await api.get(made.id, reader)).status).toBe(200);
  expect((await api.order(ORDER, 'k', reader)).status).toBe(403);
  expect((await api.send('DELETE', `/orders/${made.id}`, undefined, reader)).status).toBe(403);
});

test('the document asks for a token, and is there without one', async () => {
  const { status, json } = await guarded().send('GET', '/openapi.json');
  expect(status).toBe(200);
  expect(json['security']).toEqual([{ token: [] }]);
  expect(JSON.stringify(json['paths'])).toContain('"401"');
  const open = await referenceClient().send('GET', '/openapi.json');
  expect(open.json['security']).toBeUndefined();
});
