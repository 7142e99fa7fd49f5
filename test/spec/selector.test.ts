import { describe, expect, test } from 'vitest';
import type { Response } from '../../src/core/http.js';
import { createSelector, jsonOf, lastNameOf, locationsIn } from '../../src/spec/selector.js';

function response(body: string, more: Partial<Response> = {}): Response {
  return { status: 200, headers: [], body, bodyEncoding: 'utf8', bodyBytes: body.length, truncated: false, ...more };
}

test('it selects in a response and in a value', () => {
  const ids = createSelector('$.items[*].id');
  expect(ids.all(response('{"items":[{"id":1},{"id":"b"},{}]}'))).toEqual([1, 'b']);
  expect(ids.in({ items: [{ id: null }] })).toEqual([null]);
});

test('a body that is no JSON, or not whole, holds nothing', () => {
  const all = createSelector('$');
  expect(all.all(response('<html>'))).toEqual([]);
  expect(all.all(response(''))).toEqual([]);
  expect(all.all(response('{}', { truncated: true }))).toEqual([]);
  expect(all.all(response('e30=', { bodyEncoding: 'base64' }))).toEqual([]);
  expect(all.all(response('['.repeat(200_000)))).toEqual([]);
});

test('long numbers keep their digits, others stay numbers', () => {
  expect(jsonOf(response('[9007199254740993, 1.50, 1e2, -0, 0.1]'))).toEqual(['9007199254740993', 1.5, 100, -0, 0.1]);
});

test('of a member written twice the last counts', () => {
  expect(jsonOf(response('{"a":1,"a":2}'))).toEqual({ a: 2 });
});

describe('a stand-in', () => {
  test.each([
    ['$.id', {}, { id: 'x' }],
    ['$.data.items[1].id', { data: { n: 1 } }, { data: { n: 1, items: [undefined, { id: 'x' }] } }],
    ["$['a b'].c", {}, { 'a b': { c: 'x' } }],
    ['$..id', {}, {}],
    ['$', {}, {}],
  ])('%s', (path, before, after) => {
    const document: Record<string, unknown> = structuredClone(before);
    createSelector(path).place(document, 'x');
    expect(document).toEqual(after);
  });
});

test('it knows the last name of a path, and where a path points', () => {
  expect(lastNameOf('$.card.number')).toBe('number');
  expect(lastNameOf('$.cards[*]')).toBe(null);
  expect(locationsIn('$..b', { a: [{ b: 1 }], b: 2 })).toEqual([['b'], ['a', 0, 'b']]);
});
