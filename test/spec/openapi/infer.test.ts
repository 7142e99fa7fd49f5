import { beforeAll, describe, expect, test } from 'vitest';
import type { Response } from '../../../src/core/http.js';
import type { Operation } from '../../../src/core/operation.js';
import { operationsOf, type Resource } from '../../../src/core/resource.js';
import type { Scope } from '../../../src/core/scope.js';
import type { Spec } from '../../../src/core/spec.js';
import { loadSpec } from '../../../src/spec/load.js';

const SCOPE: Scope = {
  marker: 'm-1',
  uuid: 'u-1',
  int: 7,
  now: '2026-01-01T00:00:00Z',
  values: { id: 'i', 'order.id': 'o' },
};

function load(name: string, seed = 1): Promise<Spec> {
  return loadSpec(`fixtures/openapi/${name}`, { env: {}, profile: null, seed });
}

function resource(from: Spec, name: string): Resource {
  const found = from.resources.find(one => one.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

function json(operation: Operation | null | undefined, payload: 'body' | 'changed' = 'body'): unknown {
  return JSON.parse(operation?.build(SCOPE, payload).body ?? 'null');
}

function response(body: unknown, headers: Response['headers'] = []): Response {
  return { status: 201, headers, body: JSON.stringify(body), bodyEncoding: 'utf8', bodyBytes: 0, truncated: false };
}

describe('a document of OpenAPI 3.1', () => {
  let orders: Spec;
  beforeAll(async () => {
    orders = await load('orders.yaml');
  });

  test('the address of its first server, with the variables at their defaults', () => {
    expect(orders).toMatchObject({ source: 'openapi', url: 'https://staging.example.com/v1', profile: 'ietf' });
  });

  test('every operation has its place', () => {
    expect(
      orders.resources.map(one => [one.name, operationsOf(one).map(({ role, name }) => `${role} ${name}`)]),
    ).toEqual([
      [
        'order',
        [
          'create POST /orders',
          'list GET /orders',
          'read GET /orders/{orderId}',
          'replace PUT /orders/{orderId}',
          'update PATCH /orders/{orderId}',
          'action:cancel POST /orders/{orderId}/cancel',
          'delete DELETE /orders/{orderId}',
        ],
      ],
      ['note', ['create POST /orders/{orderId}/notes', 'list GET /orders/{orderId}/notes']],
      ['export', ['read GET /orders/export']],
      ['health', ['read GET /health']],
      ['file', ['create PUT /files/{name}', 'read GET /files/{name}', 'replace PUT /files/{name}']],
      ['tenant', ['other GET /tenants/{tenantId}/users']],
    ]);
  });

  test('what the document says of the create', () => {
    expect(resource(orders, 'order').create).toMatchObject({
      operationId: 'createOrder',
      tags: ['orders'],
      location: { file: 'fixtures/openapi/orders.yaml', line: 8, column: 5 },
      documented: { statuses: ['201', '422'], requestHeaders: ['idempotency-key'], responseHeaders: ['location'] },
      contract: {
        key: { in: 'header', name: 'Idempotency-Key', required: true, form: 'raw' },
        ttl: 86_400,
        mismatch: { promised: true },
        profileChosen: false,
      },
    });
  });

  test('nothing is promised where the document is silent', () => {
    expect(resource(orders, 'order').update?.contract).toMatchObject({
      key: null,
      ttl: 'unknown',
      etag: { missing: null },
    });
    expect(resource(orders, 'order').replace?.contract.etag.missing).toEqual([428]);
  });

  test('a body with what is required, and the marker where it can be listed by', () => {
    const body = json(resource(orders, 'order').create);
    expect(body).toEqual({
      amount: 10,
      currency: 'EUR',
      reference: 'm-1',
      placedAt: '2030-01-15T12:00:00Z',
      lines: [{ sku: 'samplexx', code: expect.stringMatching(/^[A-Z]{3}-\d{2}$/) }],
    });
    expect(json(resource(orders, 'order').create, 'changed')).toMatchObject({ amount: 9, reference: 'm-1' });
  });

  test('the same seed makes the same bodies', async () => {
    const again = await load('orders.yaml');
    expect(json(resource(again, 'order').create)).toEqual(json(resource(orders, 'order').create));
  });

  test('the list asks for the marker and for what it must', () => {
    const { list } = resource(orders, 'order');
    expect(list).toMatchObject({ filtered: true, items: { text: '$.items' } });
    expect(list?.operation.build(SCOPE).path).toBe('/orders?reference=m-1&limit=5');
  });

  test('an update from its example, with a variant of it that has a second member', () => {
    const { update } = resource(orders, 'order');
    expect(update?.build(SCOPE)).toMatchObject({
      body: '{"status":"shipped"}',
      headers: [['content-type', 'application/merge-patch+json']],
    });
    expect(json(update, 'changed')).toEqual({ status: 'open', amount: 9 });
  });

  test('a sub-resource has its parent, and its id in an envelope', () => {
    const note = resource(orders, 'note');
    expect(note.parents).toEqual([resource(orders, 'order')]);
    expect(note.create?.build(SCOPE).path).toBe('/orders/o/notes');
    expect(note.id.of(response({ data: { note_id: 5 } }))).toBe('5');
  });

  test('braces of an example are no template, and what is read-only is not sent', () => {
    expect(json(resource(orders, 'note').create)).toEqual({ text: 'm-1' });
    expect(resource(orders, 'note').create?.marked).toBe(true);
  });

  test('a create by PUT takes an id of the client', () => {
    const file = resource(orders, 'file');
    expect(file.id.chosenBy).toBe('client');
    expect(file.id.from?.(SCOPE)).toBe('u-1');
    expect(file.create?.build(SCOPE)).toMatchObject({
      path: '/files/i',
      body: 'hello',
      headers: [['content-type', 'text/plain']],
    });
  });

  test('a parameter that nothing creates is told when the request is built', () => {
    const [users] = resource(orders, 'tenant').others;
    expect(() => users?.build(SCOPE)).toThrow(new RangeError('nothing gives a value for "tenantId"'));
  });
});

test('Swagger 2.0', async () => {
  const pets = await load('pets-2.0.json');
  expect(pets.url).toBe('http://127.0.0.1:8080/api');
  const pet = resource(pets, 'pet');
  expect(pet.create).toMatchObject({ contract: { key: { in: 'header', name: 'X-Idempotency-Key', required: null } } });
  expect(json(pet.create)).toEqual({ name: 'm-1' });
  expect(pet.list?.items?.text).toBe('$');
  const [form] = pet.others;
  expect(form?.build(SCOPE)).toMatchObject({ method: 'POST', path: '/pets/i' });
});

test('OpenAPI 3.0: a key in the body, its lifetime, and a refusal in words', async () => {
  const payments = await load('payments-3.0.yaml');
  expect(payments.url).toBe(null);
  const { create, id } = resource(payments, 'payment');
  expect(create?.contract).toMatchObject({
    key: { in: 'body', name: 'request_id', required: true, form: 'raw' },
    ttl: 604_800,
    mismatch: { promised: true },
  });
  expect(json(create)).toEqual({ amount: 10, note: 'm-1' });
  expect(json(create, 'changed')).toEqual({ amount: 9, note: 'm-1' });
  expect(id.of(response({ paymentId: 'p-1' }))).toBe('p-1');
});

test('OpenAPI 3.2: a key in quotes', async () => {
  const events = await load('events-3.2.yaml');
  const { create } = resource(events, 'event');
  expect(create?.contract.key).toMatchObject({ form: 'sf-string', required: null });
  expect(json(create)).toEqual({ name: 'm-1' });
});

describe('a file that completes a document', () => {
  let both: Spec;
  beforeAll(async () => {
    both = await load('completed.yaml');
  });

  test('its words win, the rest comes from the document', () => {
    expect(both).toMatchObject({
      source: 'native',
      url: 'https://staging.example.com/v1',
      caller: { headers: [['X-Tenant', 'acme']] },
    });
    const purchase = resource(both, 'purchase');
    expect(purchase.create).toMatchObject({
      unique: ['$.reference'],
      contract: { key: { required: true }, ttl: 604_800 },
    });
    expect(json(purchase.create)).toMatchObject({ reference: 'm-1', currency: 'EUR' });
    expect(purchase.read).toMatchObject({
      name: 'GET /orders/{orderId}',
      location: { file: 'fixtures/openapi/orders.yaml' },
    });
    expect(purchase.read?.build(SCOPE).headers).toEqual([['Accept', 'application/json']]);
    expect(purchase.list?.filtered).toBe(true);
    expect(purchase.volatile.map(({ text }) => text)).toEqual(['$.placedAt']);
  });

  test('a body of its own replaces the inferred one and what belongs to it', () => {
    const { update } = resource(both, 'purchase');
    expect(update).toMatchObject({ name: 'PATCH /orders/{id}', location: { file: 'fixtures/openapi/completed.yaml' } });
    expect(json(update)).toEqual({ status: 'cancelled' });
    expect(update?.payloads.has('changed')).toBe(false);
    expect(update?.documented?.statuses).toEqual(['200']);
  });

  test('an action keeps its request and gains an effect', () => {
    const [cancel] = resource(both, 'purchase').actions;
    expect(cancel).toMatchObject({
      name: 'cancel',
      operation: { name: 'POST /orders/{orderId}/cancel' },
      effect: { value: { text: '$.cancellations' } },
    });
  });

  test('others go by the name the file gives', () => {
    expect(both.resources.map(({ name }) => name)).not.toContain('order');
    const note = resource(both, 'note');
    expect(note.parents.map(({ name }) => name)).toEqual(['purchase']);
    expect(note.create?.build({ ...SCOPE, values: { 'purchase.id': 'p' } }).path).toBe('/orders/p/notes');
  });
});
