import { expect, test } from 'vitest';
import { ORDER, referenceClient } from '../support/reference-client.js';

test('a repeat with the same key has one effect and gets the stored status, headers and body, marked', async () => {
  const api = referenceClient();
  const first = await api.order(ORDER, 'k');
  const again = await api.order(ORDER, 'k');
  expect([again.status, again.text, again.etag]).toEqual([201, first.text, first.etag]);
  expect(again.headers.get('location')).toBe(`/orders/${first.id}`);
  expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
  expect(await api.count()).toBe(1);
});

test('another key with the same body is another order', async () => {
  const api = referenceClient();
  const [one, two] = [await api.order(ORDER, 'a'), await api.order(ORDER, 'b')];
  expect(one.id).not.toBe(two.id);
  expect(await api.count()).toBe(2);
});

test.each([422, 409, 400] as const)('a key with another payload is refused with %i and not executed', async status => {
  const api = referenceClient({ choices: { mismatchStatus: status } });
  const first = await api.order(ORDER, 'k');
  const other = await api.order({ ...ORDER, amount: 1 }, 'k');
  expect(other.status).toBe(status);
  expect(other.headers.get('content-type')).toBe('application/problem+json');
  expect(await api.count()).toBe(1);
  expect((await api.order(ORDER, 'k')).text).toBe(first.text);
});

test('a key used on another path is another key', async () => {
  const api = referenceClient();
  await api.order({ amount: 1, owner: 'o' }, 'k');
  expect((await api.send('POST', '/accounts', { amount: 1, owner: 'o' }, { 'idempotency-key': 'k' })).status).toBe(201);
});

test.each([409, 425, 423, 429] as const)('a request that meets its twin in flight is refused with %i', async status => {
  const api = referenceClient({ choices: { inflightStatus: status } });
  const answers = await Promise.all([1, 2, 3].map(() => api.order(ORDER, 'k')));
  expect(answers.map(answer => answer.status).toSorted()).toEqual([201, status, status].toSorted());
  expect(answers.find(answer => answer.status === status)?.headers.get('retry-after')).toBe('1');
  expect(await api.count()).toBe(1);
  expect((await api.order(ORDER, 'k')).status).toBe(201);
});

test('a request that may wait for its twin gets the same answer', async () => {
  const api = referenceClient({ choices: { inflight: 'wait' } });
  const answers = await Promise.all([1, 2, 3].map(() => api.order(ORDER, 'k')));
  expect(new Set(answers.map(answer => answer.text)).size).toBe(1);
  expect(answers.map(answer => answer.status)).toEqual([201, 201, 201]);
  expect(await api.count()).toBe(1);
});

test('another payload under a key in flight is refused as a mismatch, also where requests wait', async () => {
  const api = referenceClient({ choices: { inflight: 'wait' } });
  const answers = await Promise.all([api.order(ORDER, 'k'), api.order({ ...ORDER, amount: 1 }, 'k')]);
  expect(answers.map(answer => answer.status)).toEqual([201, 422]);
});

test('a key protects until its lifetime has passed since the answer', async () => {
  const api = referenceClient({ choices: { ttlSeconds: 10 } });
  const first = await api.order(ORDER, 'k');
  api.clock.advance(9_990);
  expect((await api.order(ORDER, 'k')).id).toBe(first.id);
  api.clock.advance(10);
  expect((await api.order(ORDER, 'k')).id).not.toBe(first.id);
});

test('a refused request frees its key for a corrected one', async () => {
  const api = referenceClient();
  expect((await api.order({ amount: -1 }, 'k')).status).toBe(400);
  expect((await api.order(ORDER, 'k')).status).toBe(201);
});

test('a key is demanded where it is required, and not where it is optional', async () => {
  expect((await referenceClient().order(ORDER, null)).status).toBe(400);
  expect((await referenceClient({ choices: { keyRequired: false } }).order(ORDER, null)).status).toBe(201);
});

test.each([
  ['empty', '""'],
  ['two at once', 'a, b'],
  ['too long', 'k'.repeat(256)],
])('a key that is not valid is refused (%s)', async (_, key) => {
  const api = referenceClient();
  expect((await api.order(ORDER, key)).status).toBe(400);
  expect(await api.count()).toBe(0);
});

test('the quotes of a Structured Field string are not part of the key', async () => {
  const api = referenceClient();
  expect((await api.order(ORDER, '"k"')).id).toBe((await api.order(ORDER, 'k')).id);
});

test('another caller does not get the stored answer', async () => {
  const api = referenceClient();
  const mine = await api.order(ORDER, 'k', { authorization: 'Bearer me' });
  const theirs = await api.order(ORDER, 'k', { authorization: 'Bearer them' });
  expect([theirs.status, theirs.id === mine.id]).toEqual([201, false]);
});

test('the key may travel in the body', async () => {
  const api = referenceClient({ choices: { keyIn: 'body' } });
  const body = { ...ORDER, request_id: 'k' };
  expect((await api.order(body, null)).text).toBe((await api.order(body, null)).text);
  expect((await api.order({ ...body, amount: 1 }, null)).status).toBe(422);
  expect((await api.order(ORDER, null)).status).toBe(400);
});

test('replays may say 200, and go unmarked', async () => {
  const api = referenceClient({ choices: { replayStatus: 200, replayMarker: null } });
  await api.order(ORDER, 'k');
  const again = await api.order(ORDER, 'k');
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, null]);
});

test('concurrent deposits under different keys all count, under one key once', async () => {
  const api = referenceClient();
  const { id } = await api.account('o');
  await Promise.all([1, 2, 3, 4].map(() => api.deposit(id, 5)));
  await Promise.all([1, 2, 3, 4].map(() => api.deposit(id, 5, 'k')));
  expect((await api.send('GET', `/accounts/${id}`)).json['balance']).toBe(25);
});

test('an API without keys takes a header of that name for nothing, and does not speak of it', async () => {
  const api = referenceClient({ choices: { keyed: false } });
  const [first, again] = [await api.order(ORDER, 'k'), await api.order(ORDER, 'k')];
  expect([first.status, again.status, await api.count()]).toEqual([201, 201, 2]);
  expect((await api.send('GET', '/openapi.json')).text).not.toMatch(/Idempotency-Key|expire/);
});
