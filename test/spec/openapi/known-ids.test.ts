import { expect, test } from 'vitest';
import { outgoing } from '../../../src/core/arrange.js';
import type { Operation } from '../../../src/core/operation.js';
import type { Resource } from '../../../src/core/resource.js';
import { specFromText } from '../../../src/spec/load.js';

const scope = { marker: 'm', uuid: 'u', int: 1, now: '2026-01-01T00:00:00Z' };
const values = { id: '7', 'customer.id': 12, 'account.id': 'a1', 'publisher.id': 'p1' };
type Members = Readonly<Record<string, unknown>>;

const object = (properties: Members, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  required,
  properties,
});
const text = { type: 'string' };

/** Create, read and PUT or PATCH of a collection, all with one schema. */
function collection(
  path: string,
  schema: object,
  { method = 'put', type = 'application/json', more = {}, parameter = 'id', example = undefined as unknown } = {},
): Members {
  const content = (of: object) => ({ [type]: { schema: of, ...(example === undefined ? {} : { example }) } });
  const answer = object({ id: text, ...(schema as { readonly properties?: Members }).properties });
  const body = { requestBody: { content: content(schema) } };
  const own = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  const parameters = (names: readonly string[]) =>
    names.map(name => ({ name, in: 'path', required: true, schema: text }));
  const shown = { content: { [type]: { schema: answer } } };
  return {
    [path]: { parameters: parameters(own), post: { ...body, ...more, responses: { 201: shown } } },
    [`${path}/{${parameter}}`]: {
      parameters: parameters([...own, parameter]),
      get: { responses: { 200: shown } },
      [method]: { ...body, ...more, responses: { 200: shown } },
    },
  };
}

function resourcesOf(...paths: readonly Members[]): ReadonlyMap<string, Resource> {
  const info = { title: 'shop', version: '1' };
  const document = { openapi: '3.1.0', info, paths: Object.assign({}, ...paths) as Members };
  const spec = specFromText(JSON.stringify(document), 'a document', { env: {}, profile: null });
  return new Map(spec.resources.map(resource => [resource.name, resource]));
}

function bodyOf(operation: Operation | null | undefined): unknown {
  if (operation == null) throw new Error('no operation');
  return JSON.parse(outgoing(operation, { ...scope, values }).request.body ?? 'null');
}

test('JSON:API: the id and the kind of the path', () => {
  const schema = object({ data: object({ attributes: object({ title: text }) }) });
  const type = 'application/vnd.api+json';
  const [article] = resourcesOf(collection('/articles', schema, { method: 'patch', type })).values();
  expect(bodyOf(article?.update)).toMatchObject({ data: { type: 'articles', id: '7' } });
  expect(bodyOf(article?.create)).toMatchObject({ data: { type: 'articles' } });
  expect(bodyOf(article?.create)).not.toMatchObject({ data: { id: expect.anything() as unknown } });
});

test('Kubernetes: its kind, and the name as the id', () => {
  const schema = object({ spec: object({ replicas: { type: 'integer' } }) });
  const more = { 'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' } };
  const [one] = resourcesOf(collection('/deployments', schema, { more, parameter: 'name' })).values();
  const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
  expect(bodyOf(one?.create)).toMatchObject({ ...kind, metadata: { name: 'm' } });
  expect(bodyOf(one?.replace)).toMatchObject({ ...kind, metadata: { name: '7' } });
});

test.each(['_id', 'id', 'bookId', 'book_id'])('a body that repeats the id as %s', name => {
  const [book] = resourcesOf(
    collection('/books', object({ [name]: text, pages: { type: 'integer' } }), { parameter: 'bookId' }),
  ).values();
  expect(bodyOf(book?.replace)).toMatchObject({ [name]: '7' });
  expect(book?.replace?.payloads.has('changed')).toBe(true);
});

test('AIP: the whole name of the resource', () => {
  const schema = object({ name: { ...text, examples: ['publishers/1/books/2'] } });
  const of = resourcesOf(
    collection('/v1/publishers', object({ theme: text })),
    collection('/v1/publishers/{publisher}/books', schema),
  );
  expect(bodyOf(of.get('book')?.replace)).toEqual({ name: 'publishers/p1/books/7' });
});

test('a name of its own stays free', () => {
  const [label] = resourcesOf(collection('/labels', object({ name: text }), { parameter: 'name' })).values();
  expect(bodyOf(label?.create)).toEqual({ name: 'm' });
});

const customers = collection('/customers', object({ title: text }));

test.each([
  ['customer_id', { type: 'integer' }, 12],
  ['customerId', text, 12],
  ['billing_customer_id', text, 12],
  ['customer', { ...text, format: 'uuid' }, 12],
  ['customer', object({ id: text }), { id: 12 }],
])('%s takes the id of a record that is made for it', (name, schema, expected) => {
  const order = resourcesOf(customers, collection('/orders', object({ [name]: schema, note: text }))).get('order');
  expect(order?.parents.map(parent => parent.name)).toEqual(['customer']);
  expect(bodyOf(order?.create)).toMatchObject({ [name]: expected });
  expect(bodyOf(order?.replace)).toMatchObject({ [name]: expected });
});

test.each([
  ['nothing of that name is made', 'seller_id', text, ['seller_id']],
  ['it is a text of its own', 'customer', text, ['customer']],
  ['it is never sent', 'customer_id', text, []],
  ['its words are given', 'customer_id', { ...text, enum: ['c1'] }, ['customer_id']],
])('no record is made where %s', (_, name, schema, required) => {
  const order = resourcesOf(
    customers,
    collection('/orders', object({ [name]: schema, note: text }, [...required, 'note'])),
  );
  expect(order.get('order')?.parents).toEqual([]);
});

test('no record is made where nothing creates what its own address goes through', () => {
  const below = collection('/companies/{company}/customers', object({ title: text }));
  const order = resourcesOf(below, collection('/orders', object({ customer_id: text }))).get('order');
  expect(order?.parents).toEqual([]);
});

test('what is in the example is sent as well', () => {
  const schema = object({ customer_id: text, note: text }, ['note']);
  const example = { customer_id: 'c9', note: 'n' };
  const order = resourcesOf(customers, collection('/orders', schema, { example })).get('order');
  expect(bodyOf(order?.create)).toMatchObject({ customer_id: 12 });
});

test('resources that name each other go round in no circle', () => {
  const of = resourcesOf(
    collection('/customers', object({ order_id: text })),
    collection('/orders', object({ customer_id: text })),
  );
  expect([...of.values()].flatMap(({ parents }) => parents)).toEqual([]);
});
