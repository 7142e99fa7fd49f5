import { expect, test } from 'vitest';
import { specFromText } from '../../../src/spec/load.js';
import { createSelector } from '../../../src/spec/selector.js';

const scope = { marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} };

/** The list of a document whose list operation has these query parameters. */
function listWith(parameters: readonly object[]) {
  const ok = {
    description: 'ok',
    content: { 'application/json': { schema: { type: 'array', items: { type: 'object' } } } },
  };
  const body = {
    content: { 'application/json': { schema: { type: 'object', properties: { size: { type: 'integer' } } } } },
  };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Parts', version: '1' },
    paths: {
      '/parts': {
        get: { parameters: parameters.map(one => ({ in: 'query', ...one })), responses: { 200: ok } },
        post: { requestBody: body, responses: { 201: ok } },
      },
      '/parts/{id}': { get: { parameters: [{ in: 'path', name: 'id', required: true }], responses: { 200: ok } } },
    },
  };
  const { resources } = specFromText(JSON.stringify(document), 'a document', { env: {}, profile: null });
  const list = resources[0]?.list;
  if (list == null) throw new Error('no list');
  return { paging: list.paging, path: list.operation.build(scope).path };
}

test.each<[string, readonly object[], object | undefined, string]>([
  ['nothing', [{ name: 'colour' }], undefined, '/parts'],
  ['a cursor, and pages as large as they may be', [{ name: 'cursor' }, { name: 'limit', schema: { type: 'integer', maximum: 200 } }], { cursor: 'cursor', limit: 'limit' }, '/parts?limit=200'], // prettier-ignore
  ['a page of no known size', [{ name: 'page', schema: { type: 'integer' } }, { name: 'per_page' }], { page: 'page', limit: 'per_page' }, '/parts'], // prettier-ignore
  ['OData', [{ name: '$skiptoken' }, { name: '$top' }], { cursor: '$skiptoken', limit: '$top' }, '/parts'],
  ['JSON:API', [{ name: 'page[number]', schema: { type: 'integer' } }, { name: 'page[size]' }], { page: 'page[number]', limit: 'page[size]' }, '/parts'], // prettier-ignore
  ['AIP', [{ name: 'page_token' }, { name: 'page_size', schema: { type: 'integer', maximum: 100_000 } }], { cursor: 'page_token', limit: 'page_size' }, '/parts?page_size=1000'], // prettier-ignore
  ['an offset', [{ name: 'offset' }], { offset: 'offset' }, '/parts'],
  ['the newest first', [{ name: 'sort', schema: { enum: ['name', '-created_at', 'created_at'] } }], undefined, '/parts?sort=-created_at'], // prettier-ignore
])('of the parameters of a list its paging is read: %s', (_, parameters, paging, path) => {
  expect(listWith(parameters)).toEqual({ paging, path });
});

test.each<[string, unknown]>([
  ['none', 'none'],
  ['{ cursor: from, limit: most }', { cursor: 'from', limit: 'most' }],
])('a file says it as paging: %s', (written, paging) => {
  const file = `version: 1\nresources:\n  part:\n    create: { request: POST /parts, body: {} }\n    list: { request: GET /parts, paging: ${written} }\n`;
  const { resources } = specFromText(file, 'a file', { env: {}, profile: null });
  expect(resources[0]?.list?.paging).toEqual(paging);
});

test('where the next page is named is a JSONPath, or refused', () => {
  const file = (next: string) =>
    `version: 1\nresources:\n  part:\n    create: { request: POST /parts, body: {} }\n    list: { request: GET /parts, paging: { next: ${next} } }\n`;
  const { resources } = specFromText(file('$.meta.next'), 'a file', { env: {}, profile: null });
  const paging = resources[0]?.list?.paging;
  expect(typeof paging === 'object' ? paging.next?.text : paging).toBe(createSelector('$.meta.next').text);
  expect(() => specFromText(file('meta.next'), 'a file', { env: {}, profile: null })).toThrow(/JSONPath/);
});
