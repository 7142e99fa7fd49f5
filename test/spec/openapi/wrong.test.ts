import { expect, test } from 'vitest';
import { outgoing } from '../../../src/core/arrange.js';
import { specFromText } from '../../../src/spec/load.js';

const scope = { marker: 'm', uuid: 'u', int: 1, now: '2026-01-01T00:00:00Z', values: {} };

/** The refused payload that a document with these members makes, `undefined` where it makes none. */
function refusedOf(properties: Readonly<Record<string, object>>, required: readonly string[] = []): unknown {
  const schema = { type: 'object', required, properties };
  const answer = { type: 'object', properties: { id: { type: 'string' }, ...properties } };
  const content = (of: object) => ({ 'application/json': { schema: of } });
  const document = {
    openapi: '3.1.0',
    info: { title: 'shop', version: '1' },
    paths: {
      '/orders': {
        post: { requestBody: { content: content(schema) }, responses: { 201: { content: content(answer) } } },
        get: { responses: { 200: { content: content({ type: 'array', items: answer }) } } },
      },
      '/orders/{id}': {
        get: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: { content: content(answer) } },
        },
      },
    },
  };
  const spec = specFromText(JSON.stringify(document), 'a document', { env: {}, profile: null });
  const create = spec.resources[0]?.create;
  if (create?.payloads.has('invalid') !== true) return undefined;
  return JSON.parse(outgoing(create, scope, { payload: 'invalid' }).request.body ?? '{}');
}

const amount = { type: 'number', minimum: 1, maximum: 100, examples: [10] };
const name = { type: 'string', examples: ['a name'] };

test.each([
  ['a text for a number', { name, amount }, { amount: 'no number' }],
  ['a text for a boolean', { name, paid: { type: 'boolean', examples: [true] } }, { paid: 'no boolean' }],
  ['a word outside its enumeration', { name, size: { type: 'string', enum: ['s', 'm'] } }, { size: 'none of these' }],
  [
    'a text that is no date',
    { name, due: { type: 'string', format: 'date', examples: ['2026-01-02'] } },
    { due: 'no date' },
  ],
  [
    'a number out of its bounds, where texts are taken too',
    { name, amount: { ...amount, type: ['number', 'string'] } },
    { amount: 0 },
  ],
  [
    'inside',
    { name, price: { type: 'object', required: ['amount'], properties: { amount } } },
    { price: { amount: 'no number' } },
  ],
])('%s must be refused', (_, properties, expected) => {
  expect(refusedOf(properties, Object.keys(properties))).toMatchObject(expected);
});

test('another valid value of another member is sent beside it', () => {
  const both = refusedOf({ name, amount, paid: { type: 'boolean', examples: [true] } }, ['name', 'amount', 'paid']);
  expect(both).toMatchObject({ amount: 'no number' });
});

test.each([
  ['an id', { name, customer_id: { type: 'integer', examples: [7] } }],
  ['a kind', { type: { type: 'string', enum: ['order'] } }],
  ['a switch', { dry_run: { type: 'boolean', examples: [false] } }],
])('%s is left alone', (_, properties) => {
  const [member = ''] = Object.keys(properties).slice(-1);
  const body = refusedOf(properties, Object.keys(properties)) as Record<string, unknown> | undefined;
  expect(String(body?.[member])).not.toMatch(/^no /);
});
