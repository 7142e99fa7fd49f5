import { expect, test } from 'vitest';
import { createReferenceApp } from '../../src/reference/app.js';
import { createMemoryStore } from '../../src/reference/stores/memory.js';
import { styleNamed } from '../../src/reference/styles/registry.js';
import { countingIds, createReferenceClock } from '../support/reference-clock.js';

function client(name: string) {
  const clock = createReferenceClock();
  const ids = countingIds();
  const store = createMemoryStore({ clock, ids });
  const app = createReferenceApp({ clock, ids, store, flaw: null, choices: {}, style: styleNamed(name) ?? null });
  return async (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = new Request(`http://x${path}`, { method, headers: { ...type, ...headers }, ...init });
    const response = await app.fetch(request);
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) };
  };
}

test('enveloped: an empty 201 that says where, and everything shown in data', async () => {
  const send = client('enveloped');
  const made = await send('POST', '/orders', { amount: 1 }, { 'idempotency-key': 'k' });
  expect([made.status, made.json]).toEqual([201, null]);
  const read = await send('GET', made.headers.get('location') ?? '');
  expect(read.json).toEqual({ data: expect.objectContaining({ amount: 1 }) });
  expect((await send('GET', '/orders')).json).toEqual({ data: [read.json.data], meta: { next: null } });
  expect((await send('GET', '/orders/none')).json).toEqual({
    error: { code: 'not-found', title: 'There is no such resource', status: 404 },
  });
});

test('body-key: the key is a member, the header is none', async () => {
  const send = client('body-key');
  const body = { amount: 1, idempotency_key: 'k' };
  const [first, again] = [await send('POST', '/orders', body), await send('POST', '/orders', body)];
  expect([first.status, again.json.id]).toEqual([201, first.json.id]);
  expect((await send('POST', '/orders', { amount: 1 }, { 'idempotency-key': 'k' })).status).toBe(400);
});

test('aip: request_id, an etag that goes back in the body, 409 for an outdated one, custom methods', async () => {
  const send = client('aip');
  const { status, json: order } = await send('POST', '/orders?request_id=k', { amount: 1 });
  expect([status, order.name]).toEqual([200, `orders/${order.uid}`]);
  const path = `/orders/${order.uid}`;
  expect((await send('PATCH', path, { amount: 2, etag: order.etag })).status).toBe(200);
  const stale = await send('PATCH', path, { amount: 3, etag: order.etag });
  expect([stale.status, stale.json.error.status]).toEqual([409, 'ABORTED']);
  const { json: account } = await send('POST', '/accounts?request_id=a', { owner: 'o' });
  const paid = await send('POST', `/accounts/${account.uid}:deposit`, { amount: 5, request_id: 'd' });
  expect([paid.status, paid.json.balance]).toEqual([200, 5]);
  const listed = await send('GET', '/accounts?filter=owner%3D%22o%22');
  expect(listed.json).toEqual({ accounts: [expect.objectContaining({ uid: account.uid })], next_page_token: '' });
});

test('json-api: documents, the version as an attribute, 400 for parameters that there are not', async () => {
  const send = client('json-api');
  const made = await send(
    'POST',
    '/orders',
    { data: { type: 'orders', attributes: { amount: 1 } } },
    { 'idempotency-key': 'k' },
  );
  expect([made.status, made.headers.get('content-type')]).toEqual([201, 'application/vnd.api+json']);
  const { data } = made.json;
  const change = (version: string) =>
    send('PATCH', `/orders/${data.id}`, { data: { type: 'orders', id: data.id, attributes: { amount: 2, version } } });
  expect((await change(data.attributes.version)).status).toBe(200);
  expect((await change(data.attributes.version)).json.errors[0]).toMatchObject({
    status: '409',
    code: 'precondition-failed',
  });
  expect((await send('DELETE', `/orders/${data.id}?version=x`)).status).toBe(400);
});

test('async: 202 with an operation, under which the record comes up later', async () => {
  const send = client('async');
  const made = await send('POST', '/orders', { amount: 1 }, { 'idempotency-key': 'k' });
  expect(made.status).toBe(202);
  const { operation, order_id: id } = made.json;
  const place = made.headers.get('location') ?? '';
  expect([place, operation.status]).toEqual([`/operations/${operation.id}`, 'running']);
  expect((await send('GET', `/orders/${id}`)).status).toBe(404);
  expect((await send('GET', place)).json.status).toBe('running');
});
