import { describe, expect, test } from 'vitest';
import type { Response } from '../../../src/core/http.js';
import type { Scope } from '../../../src/core/scope.js';
import { membersOf, namesScope } from '../../../src/oracle/view/world.js';

const values = { id: '7', 'account.id': 'acc-0000001', shelf: 'S3' };
const scope: Scope = { marker: 'mk-1', uuid: 'u', int: 1, now: 'n', values };

function members(
  body: object | string,
  place: { readonly isOwn?: boolean; readonly isOfResource?: boolean } = {},
  with_: Partial<Response> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response: Response = {
    status: 200,
    headers: [],
    body: text,
    bodyEncoding: 'utf8',
    bodyBytes: text.length,
    truncated: false,
    ...with_,
  };
  return membersOf(response, { scope, isOwn: true, isOfResource: false, ...place });
}

describe('an answer', () => {
  test('is its scalars by their paths, with the digits they came with, and what tells the items of its arrays apart', () => {
    const body =
      '{"n":5.10,"big":12345678901234567890,"in":{"s":"x","none":null},"l":[{"id":2},{"id":1}],"tags":["b","a"]}';
    expect(members(body)).toEqual({
      '$.n': '5.10',
      '$.big': '12345678901234567890',
      '$.in.s': '"x"',
      '$.in.none': 'null',
      '$.l': ['1', '2'],
      '$.tags': ['"a"', '"b"'],
    });
  });

  test('is nothing where it is no JSON, or not held completely', () => {
    expect(members('<a/>')).toBeNull();
    expect(members({ n: 1 }, {}, { truncated: true })).toBeNull();
  });

  test('keeps long texts apart without keeping them', () => {
    const [one, two] = ['a', 'b'].map(last => members({ text: `${'x'.repeat(5000)}${last}` }));
    expect(one).not.toEqual(two);
    expect(JSON.stringify(one).length).toBeLessThan(200);
  });

  test('of which there is another page holds no whole array', () => {
    const headers = [['link', '</orders?page=2>; rel="next"']] as const;
    expect(members({ l: [{ id: 1 }], n: 1 }, {}, { headers })).toEqual({ '$.n': '1' });
    expect(members({ l: [], next_cursor: 'x' })).toEqual({ '$.next_cursor': '"x"' });
    expect(members({ l: [], has_more: true })).toEqual({ '$.has_more': 'true' });
    expect(members({ l: [], has_more: false, next: null })).toMatchObject({ '$.l': [] });
  });
});

describe('of a list that others share', () => {
  const shared = (item: object, isOfResource = false) => {
    const found = members({ items: [item, { id: 'other' }] }, { isOwn: false, isOfResource })?.['$.items'];
    return Array.isArray(found) && found.length > 0;
  };

  test.each<[string, object, boolean]>([
    ['the marker in any text', { id: 90, note: 'for mk-1' }, true],
    ['an id in a member that refers', { id: 90, order_id: 7 }, true],
    ['as a text', { id: 90, orderId: '7' }, true],
    ['in a link', { id: 90, order: '/orders/7' }, true],
    ['a long id anywhere', { id: 90, from: 'acc-0000001' }, true],
    ['the id of a parent by its name', { id: 90, account: { id: 'acc-0000001' } }, true],
    ['a captured value by its name', { id: 90, shelf: 'S3' }, true],
    ['not a number that happens to be the id', { id: 90, quantity: 7 }, false],
    ['not its own id, which is of another kind', { id: 7, quantity: 1 }, false],
    ['nor the beginning of a longer one', { id: 90, order_id: 70 }, false],
  ])('an item counts that names it: %s', (_, item, is) => {
    expect(shared(item)).toBe(is);
  });

  test('the own item counts by its id in the list of the resource itself, and its members are looked at', () => {
    expect(shared({ id: 7 }, true)).toBe(true);
    expect(members({ items: [{ id: 7, state: 'open' }, { id: 8 }] }, { isOwn: false, isOfResource: true })).toEqual({
      '$.items': ['7'],
      '$.items[own].id': '7',
      '$.items[own].state': '"open"',
    });
  });
});

test.each([
  ['/orders/7/lines', true],
  ['/lines?order=7', true],
  ['/search?q=mk-1', true],
  ['/accounts/acc-0000001', true],
  ['/orders/70', false],
  ['/orders', false],
])('%s names the scope: %s', (path, is) => {
  expect(namesScope(path, scope)).toBe(is);
});
