import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createReferenceApp } from '../../src/reference/app.js';
import { createMemoryStore } from '../../src/reference/stores/memory.js';
import type { Choices } from '../../src/reference/choices.js';
import { referenceClient } from '../support/reference-client.js';
import { countingIds, createReferenceClock } from '../support/reference-clock.js';

const appOf = (choices: Partial<Choices>) => {
  const [clock, ids] = [createReferenceClock(), countingIds()];
  return createReferenceApp({ clock, ids, store: createMemoryStore({ clock, ids }), flaw: null, choices });
};

test('every third request is unavailable, and has no effect', async () => {
  const { order, count } = referenceClient({ choices: { unavailableEvery: 3 } });
  expect([(await order()).status, (await order()).status, (await order()).status]).toEqual([201, 201, 503]);
  expect(await count()).toBe(2);
});

test('a request too many is told when to come again, and is taken then', async () => {
  const { clock, get } = referenceClient({ choices: { rateLimit: 2 } });
  const seen = [await get('x'), await get('x'), await get('x')];
  expect(seen.map(({ status }) => status)).toEqual([404, 404, 429]);
  expect(seen[2]?.headers.get('retry-after')).toBe('1');
  clock.advance(1000);
  expect((await get('x')).status).toBe(404);
});

test('compressed bytes have a tag of their own, under which the order can be changed', async () => {
  const app = appOf({ gzip: true });
  const send = (method: string, path: string, headers: object, body?: object) =>
    app.fetch(
      new Request(`http://reference${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const made = await send('POST', '/orders', { 'idempotency-key': 'k' }, { amount: 1 });
  const path = made.headers.get('location') ?? '';
  const plain = await send('GET', path, { 'accept-encoding': 'identity' });
  const zipped = await send('GET', path, { 'accept-encoding': 'gzip' });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(await plain.text());
  const tag = zipped.headers.get('etag') ?? '';
  expect(tag).toBe(plain.headers.get('etag')?.replace(/"$/, '-gzip"'));
  expect((await send('GET', path, { 'accept-encoding': 'gzip', 'if-none-match': tag })).status).toBe(304);
  expect((await send('PUT', path, { 'if-match': tag }, { amount: 2 })).status).toBe(200);
  expect((await send('PUT', path, { 'if-match': tag }, { amount: 3 })).status).toBe(412);
});

test('every answer closes its connection', async () => {
  const response = await appOf({ closes: true }).fetch(new Request('http://reference/orders'));
  expect(response.headers.get('connection')).toBe('close');
});

test('another client makes orders and accounts, and keeps its last twenty', async () => {
  const { clock, count } = referenceClient({ choices: { bystanderEveryMs: 100 } });
  expect(await count('/orders')).toBe(0);
  clock.advance(300);
  expect([await count('/orders'), await count('/accounts')]).toEqual([3, 3]);
  clock.advance(3_600_000);
  expect(await count('/orders')).toBe(20);
});

test.each([
  ['empty', 201, ''],
  ['accepted', 202, 'accepted'],
] as const)('a create answered as %s says where the order is', async (createAnswer, status, text) => {
  const { order, send } = referenceClient({ choices: { createAnswer } });
  const made = await order({ amount: 5 }, 'k');
  expect(made.status).toBe(status);
  expect(made.text).toContain(text);
  expect((await send('GET', made.headers.get('location') ?? '')).json).toMatchObject({ amount: 5 });
  expect((await order({ amount: 5 }, 'k')).headers.get('location')).toBe(made.headers.get('location'));
});
