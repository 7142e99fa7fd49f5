import { expect, test } from 'vitest';
import { patchConcurrentDisjoint } from '../../../src/checks/patch/patch-concurrent-disjoint.js';
import { outgoing } from '../../../src/core/arrange.js';
import { isSkip } from '../../../src/core/check.js';
import type { Operation } from '../../../src/core/operation.js';
import type { Resource } from '../../../src/core/resource.js';
import { specFromText } from '../../../src/spec/load.js';
import { subject } from '../../support/subject.js';

const scope = { marker: 'm', uuid: 'u', int: 1, now: '2026-01-01T00:00:00Z', values: { id: '7' } };
type Members = Readonly<Record<string, unknown>>;

/** The resource of a document whose records have these members; the example of its writes, where one is given. */
function resourceOf(
  properties: Members,
  { required = [], example }: { readonly required?: readonly string[]; readonly example?: object } = {},
): Resource {
  const schema = { type: 'object', required, properties };
  const answer = { type: 'object', properties: { id: { type: 'string' }, ...properties } };
  const content = (of: object, more: object = {}) => ({ 'application/json': { schema: of, ...more } });
  const item = { 200: { content: content(answer) } };
  const write = {
    requestBody: { content: content(schema, example === undefined ? {} : { example }) },
    responses: item,
  };
  const document = {
    openapi: '3.1.0',
    info: { title: 'shop', version: '1' },
    paths: {
      '/orders': {
        post: { requestBody: { content: content(schema) }, responses: { 201: { content: content(answer) } } },
      },
      '/orders/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        get: { responses: item },
        put: write,
        patch: write,
      },
    },
  };
  const [resource] = specFromText(JSON.stringify(document), 'a document', { env: {}, profile: null }).resources;
  if (resource === undefined) throw new Error('no resource');
  return resource;
}

function bodiesOf(operation: Operation | null): readonly [Members, Members] {
  const of = (payload: 'body' | 'changed') =>
    operation?.payloads.has(payload) === true
      ? (JSON.parse(outgoing(operation, scope, { payload }).request.body ?? '{}') as Members)
      : {};
  return [of('body'), of('changed')];
}

/** The members that the second body of an operation gives another value. */
function moved(operation: Operation | null): readonly string[] {
  const [body, changed] = bodiesOf(operation);
  return Object.keys(changed).filter(name => body[name] !== changed[name]);
}

/** The members in which both bodies of an operation have a value, and not the same. */
function apart(operation: Operation | null): readonly string[] {
  const [body, changed] = bodiesOf(operation);
  return Object.keys(changed).filter(name => Object.hasOwn(body, name) && body[name] !== changed[name]);
}

const amount = { type: 'integer', minimum: 1, maximum: 100 };
const note = { type: 'string', maxLength: 40 };
// Takes the marker before any other text does.
const reference = { type: 'string' };

test('the second member comes from the schema where the example has one', () => {
  const resource = resourceOf({ amount, note, reference }, { example: { amount: 3 } });
  const { replace, update } = resource;
  expect(apart(replace)).toEqual(['amount', 'note']);
  expect(bodiesOf(replace)[0]).toMatchObject({ amount: 3 });
  expect(moved(update)).toEqual(['amount', 'note']);
  expect(bodiesOf(update)[0]).toEqual({ amount: 3 });
  if (update === null) throw new Error('no update');
  expect(isSkip(patchConcurrentDisjoint.plan(subject(update, resource), null))).toBe(false);
});

test('two come from the schema where the example has none that may change', () => {
  const { replace, update } = resourceOf(
    { code: { type: 'string' }, amount, note, reference },
    { example: { code: 'A' } },
  );
  expect(apart(replace)).toEqual(['amount', 'note']);
  expect(moved(update)).toEqual(['amount', 'note']);
});

test.each([
  ['read-only', 'points', { type: 'integer', readOnly: true }],
  ['an id', 'customer_id', { type: 'integer' }],
  ['a kind of one word', 'size', { type: 'string', enum: ['s'] }],
  ['a state', 'status', { type: 'string', enum: ['open', 'closed'] }],
  ['unique', 'comment', { type: 'string', description: 'Must be unique.' }],
  ['a version', 'version', { type: 'integer' }],
  ['tied to another one', 'end_date', { type: 'string', format: 'date' }],
  ['no scalar', 'lines', { type: 'array', items: { type: 'integer' } }],
])('what is %s is left alone', (_, name, schema) => {
  const { update, replace } = resourceOf({ amount, [name]: schema }, { example: { amount: 3 } });
  expect(moved(update)).toEqual(['amount']);
  expect(moved(replace)).toEqual(['amount']);
  expect(bodiesOf(update)[0]).toEqual({ amount: 3 });
});

test('two simultaneous patches write two members that the variant changes, where both bodies have the same', () => {
  const resource = resourceOf({ amount, note, reference }, { required: ['amount', 'note'] });
  const { update } = resource;
  expect(apart(update)).toEqual(['amount', 'note']);
  if (update === null) throw new Error('no update');
  expect(isSkip(patchConcurrentDisjoint.plan(subject(update, resource), null))).toBe(false);
});

test('inside a wrapper as well', () => {
  const data = { type: 'object', properties: { amount, note, reference } };
  const { replace } = resourceOf({ data }, { example: { data: { amount: 3 } } });
  const [body, changed] = bodiesOf(replace);
  expect(body).toMatchObject({ data: { amount: 3 } });
  expect(changed).toMatchObject({ data: { amount: 4, note: expect.any(String) as string } });
  expect((body['data'] as Members)['note']).not.toBe((changed['data'] as Members)['note']);
});
