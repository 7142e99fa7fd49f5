import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/core/operation.js';
import type { Resource } from '../../../src/core/resource.js';
import { namedReads, readsFor } from '../../../src/oracle/view/reads.js';
import { specFromText } from '../../../src/spec/load.js';

const TEXT = `version: 1
resources:
  account:
    create: { request: POST /accounts, body: { a: 1 } }
    read: GET /accounts/{id}
    list: { request: GET /accounts }
  product:
    id: $.sku
    create: { request: POST /products, body: { a: 1 } }
    read: GET /products/{id}
  order:
    parent: account
    create: { request: POST /orders, body: { account: '{{account.id}}', sku: AB-1 } }
    read: GET /orders/{id}
    list: { request: GET /orders }
    actions: { cancel: 'POST /orders/{id}/cancel' }
  line:
    parent: order
    create: { request: 'POST /orders/{order.id}/lines', body: { a: 1 } }
    read: GET /orders/{order.id}/lines/{id}
    list: { request: 'GET /orders/{order.id}/lines' }
  entry:
    list: { request: GET /ledger }
  transfer:
    parent: account
    list: { request: 'GET /accounts/{account.id}/transfers' }
  note:
    parent: line
    list: { request: 'GET /lines/{line.id}/notes' }
`;
const { resources } = specFromText(TEXT, 'a test', { env: {}, profile: null });
const named = (name: string): Resource => {
  const found = resources.find(one => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const values = { id: '7', 'account.id': '3' };
const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values };
const order = named('order');

describe('the reads around an operation', () => {
  const cancel = order.actions[0]?.operation;

  test('are its own, its parents’, those below, its list, those beside, and the lists of others; nearest first', () => {
    if (cancel === undefined) throw new Error('no action');
    expect(readsFor(cancel, order, resources, scope).map(({ name }) => name)).toEqual([
      'GET /orders/{id}',
      'GET /accounts/{id}',
      'GET /orders/{order.id}/lines',
      'GET /orders',
      'GET /accounts/{account.id}/transfers',
      'GET /accounts',
      'GET /ledger',
    ]);
  });

  test('of a create do not show its own records, which are counted otherwise', () => {
    const { create } = order;
    if (create === null) throw new Error('no create');
    const around = readsFor(create, order, resources, { ...scope, values: { 'account.id': '3' } });
    expect(around.map(({ name }) => name)).toEqual([
      'GET /accounts/{id}',
      'GET /accounts/{account.id}/transfers',
      'GET /accounts',
      'GET /ledger',
    ]);
  });

  test('of what may be repeated are those of the parents alone', () => {
    const { create } = order;
    if (create === null) throw new Error('no create');
    for (const role of ['delete', 'replace', 'update'] as const) {
      const around = readsFor({ ...create, role }, order, resources, scope);
      expect(around.map(({ name }) => name)).toEqual(['GET /accounts/{id}']);
    }
  });

  test('are addressed with the id of what they read', () => {
    const read: Operation | undefined = cancel && readsFor(cancel, order, resources, scope)[1]?.operation;
    expect(read?.build({ ...scope, values: { ...values, id: '3' } }).path).toBe('/accounts/3');
  });
});

describe('a document names a resource', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['by a member called like its id', { sku: 'AB-1' }, ['GET /products/{id} by sku', 'AB-1']],
    ['by its name and _id', { product_id: 'P1' }, ['GET /products/{id} by product_id', 'P1']],
    ['by its name and Id', { data: { productId: 5 } }, ['GET /products/{id} by data.productId', '5']],
    ['by its name alone', { product: 'P1' }, ['GET /products/{id} by product', 'P1']],
    ['by an object with an id', { product: { id: 'P1' } }, ['GET /products/{id} by product.id', 'P1']],
    ['by a link', { item: 'https://api.test/v1/products/P1' }, ['GET /products/{id} by item', 'P1']],
  ])('%s', (_, document, [name, id]) => {
    expect(namedReads(order, resources, [document]).map(read => [read.name, read.at['id']])).toEqual([[name, id]]);
  });

  test.each<[string, unknown]>([
    ['its own id', { id: '7' }],
    ['its parent, which is read anyway', { account_id: '3' }],
    ['a resource that cannot be read by id', { transfer_id: '3' }],
    ['a text of another kind', { colour: 'red', href: '/somewhere/else' }],
    ['in a list', { products: ['P1'] }],
  ])('not: %s', (_, document) => {
    expect(namedReads(order, resources, [document])).toEqual([]);
  });
});
