import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpecError } from '../../src/core/errors.js';
import type { Scope, Value } from '../../src/core/scope.js';
import { payloadsOf } from '../../src/spec/compile/payloads.js';
import { specFromText } from '../../src/spec/load.js';
import { fillJson, fillPath, fillText, namesIn } from '../../src/spec/template.js';

const value: fc.Arbitrary<Value> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const scope: fc.Arbitrary<Scope> = fc.record({
  marker: fc.string(),
  uuid: fc.uuid(),
  int: fc.integer(),
  now: fc.constant('2026-01-01T00:00:00Z'),
  values: fc.record({ id: value, 'order.id': value }),
});
const template = fc
  .array(
    fc.oneof(
      fc.string().map(text => text.replaceAll(/[{}]/g, '')),
      fc.constantFrom('{{marker}}', '{{ int }}', '{{id}}', '{{order.id}}'),
    ),
  )
  .map(parts => parts.join(''));

test('a template is filled the same way every time, and asks for nothing more', () => {
  fc.assert(
    fc.property(template, scope, (text, given) => {
      expect(fillText(text, given)).toBe(fillText(text, given));
      expect(namesIn(text).every(name => ['marker', 'int', 'id', 'order.id'].includes(name))).toBe(true);
    }),
  );
});

test('a filled path decodes to what was filled in, and keeps its shape', () => {
  fc.assert(
    fc.property(scope, given => {
      const filled = fillPath('/orders/{id}/notes?q={{marker}}', given);
      const [path = '', query = ''] = filled.split('?');
      expect(path.split('/')).toHaveLength(4);
      expect(decodeURIComponent(path.split('/')[2] ?? '')).toBe(String(given.values['id']));
      expect(decodeURIComponent(query.slice(2))).toBe(given.marker);
    }),
  );
});

test('what a value contains is never taken for a template', () => {
  const given: Scope = { marker: '{{uuid}}', uuid: 'u', int: 1, now: 'n', values: { id: '{id}' } };
  expect(fillJson({ a: '{{marker}}', b: 'x {{id}}' }, given)).toEqual({ a: '{{uuid}}', b: 'x {id}' });
  expect(fillPath('/{id}/{{marker}}', given)).toBe('/%7Bid%7D/%7B%7Buuid%7D%7D');
});

test('a body has the same bytes for the same scope', () => {
  fc.assert(
    fc.property(fc.jsonValue(), scope, (json, given) => {
      const body = [json, '{{marker}}'];
      const build = payloadsOf({ body }).get('body');
      expect(build?.(given)).toBe(payloadsOf({ body: structuredClone(body) }).get('body')?.(structuredClone(given)));
    }),
  );
});

const WORDS = [
  'version: 1',
  'resources:',
  'order:',
  'create:',
  'request: POST /orders',
  'read: GET /orders/{id}',
  'body: { a: 1 }',
  '&a',
  '*a',
  '- ',
  '  ',
  '\n',
  '\n  ',
  '\n    ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '#',
  '|',
  '>',
  '!',
  '? ',
  '%',
  '@',
  '$.id',
  '{{marker}}',
  '${X}',
  '\t',
];

test('whatever a text says, the worst that comes of it is a SpecError', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...WORDS)).map(words => words.join('')),
    fc.jsonValue().map(json => JSON.stringify({ version: 1, resources: json })),
    fc.jsonValue().map(json => JSON.stringify({ openapi: '3.1.0', paths: json })),
    fc.array(fc.constantFrom(...WORDS)).map(words => `version: 1\nresources:\n  order:\n    ${words.join('')}`),
  );
  fc.assert(
    fc.property(text, given => {
      try {
        specFromText(given, 'f.yaml', { env: {}, profile: null });
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        expect(error.mistakes.length).toBeGreaterThan(0);
        expect(
          error.mistakes.every(({ location }) => location !== null && location.line > 0 && location.column > 0),
        ).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('a document with anything in its operations is read or refused', () => {
  const schema: fc.Arbitrary<object> = fc.letrec<{ node: object; leaf: object; inner: object }>(tie => ({
    node: fc.oneof({ maxDepth: 2 }, tie('leaf'), tie('inner')),
    leaf: fc.record(
      {
        type: fc.constantFrom('string', 'number', 'integer', 'boolean', 5, null),
        format: fc.constantFrom('date', 'uuid', 'nonsense'),
        enum: fc.array(fc.jsonValue(), { maxLength: 2 }),
        example: fc.jsonValue(),
        pattern: fc.constantFrom('^a+$', '[', '\\p{Lu}'),
      },
      { requiredKeys: [] },
    ),
    inner: fc.record(
      {
        type: fc.constantFrom('array', 'object'),
        properties: fc.dictionary(fc.string(), tie('node'), { maxKeys: 2 }),
        items: tie('node'),
        allOf: fc.array(tie('node'), { maxLength: 2 }),
        oneOf: fc.array(tie('node'), { maxLength: 2 }),
        required: fc.oneof(fc.array(fc.string(), { maxLength: 2 }), fc.boolean()),
      },
      { requiredKeys: [] },
    ),
  })).node;
  const operation = fc.record(
    {
      parameters: fc.array(
        fc.record({
          name: fc.string(),
          in: fc.constantFrom('query', 'header', 'path', 'body'),
          required: fc.boolean(),
          schema,
        }),
        { maxLength: 2 },
      ),
      requestBody: fc.record({
        content: fc.dictionary(fc.constantFrom('application/json', 'text/plain', 'x'), fc.record({ schema })),
      }),
      responses: fc.dictionary(
        fc.constantFrom('200', '201', 'default', '4XX'),
        fc.oneof(fc.record({ description: fc.string() }), fc.jsonValue()),
      ),
    },
    { requiredKeys: [] },
  );
  const paths = fc.dictionary(
    fc.constantFrom('/a', '/a/{b}', '/a/{b}/c', '/a/{b}/c/{d}', '/{x}', '/', 'odd', '/a b/{c d}'),
    fc.dictionary(fc.constantFrom('get', 'post', 'put', 'patch', 'delete', 'parameters'), operation),
  );
  fc.assert(
    fc.property(paths, given => {
      const text = JSON.stringify({ openapi: '3.1.0', info: {}, paths: given });
      try {
        specFromText(text, 'openapi.json', { env: {}, profile: null });
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
