import { describe, expect, it } from 'vitest';
import { sortDrift } from '../../../../src/checks/lib/judging/drift.js';
import {
  fieldsIn,
  isFieldAt,
  isOfAnswer,
  isTimeField,
  isVersionField,
  leavesOf,
  onlyIn,
  shows,
} from '../../../../src/checks/lib/json/fields.js';
import { newItems } from '../../../../src/checks/lib/json/items.js';
import { movedByReads } from '../../../../src/checks/safe/safe-no-effect/windows.js';
import type { HeaderLine } from '../../../../src/core/http.js';

const sent = (body: string | null, type = 'application/json') => ({
  headers: [['content-type', type]] satisfies HeaderLine[],
  body,
});

it('sees the same field through wrappers on either side', () => {
  expect(isFieldAt('$.data.attributes.note', '$.data.attributes.note')).toBe(true);
  expect(isFieldAt('$.data.attributes.note', '$.note')).toBe(true);
  expect(isFieldAt('$.data.attributes.note', '$.data.attributes.text')).toBe(false);
  expect(shows({ data: { attributes: { a: 1 } } }, { path: '$.data.attributes.a', value: 1 })).toBe(true);
});

it('knows a field that names its answer', () => {
  expect(['$.requestId', '$.meta.trace_id', '$.data.correlation_id'].every(isOfAnswer)).toBe(true);
  expect(['$.id', '$.order_id', '$.requestIds', '$.request'].some(isOfAnswer)).toBe(false);
});

describe('fieldsIn', () => {
  it.each([
    [sent('{"a":1,"b":{"c":[true]}}'), ['$.a=1', '$.b.c[0]=true']],
    [sent('a=1&b=x', 'application/x-www-form-urlencoded'), ['$.a=1', '$.b=x']],
    [
      sent('[{"op":"replace","path":"/a/b","value":2},{"op":"remove","path":"/c"},7]', 'application/json-patch+json'),
      ['$.a.b=2'],
    ],
    [sent('plain', 'text/plain'), []],
    [sent(null), []],
  ])('case %#', (request, expected) => {
    expect(fieldsIn(request).map(({ path, value }) => `${path}=${String(value)}`)).toEqual(expected);
  });

  it('knows what one request says and another does not', () => {
    expect(onlyIn(sent('{"a":1,"b":2}'), sent('{"a":1,"b":3}'))).toEqual([{ path: '$.b', value: 2 }]);
  });
});

it('finds what was written in a representation, wrapped or not', () => {
  expect(shows({ data: { attributes: { a: '1.50' } } }, { path: '$.a', value: 1.5 })).toBe(true);
  expect(shows({ owner: { a: 1 } }, { path: '$.a', value: 1 })).toBe(false);
  expect(shows({ a: null }, { path: '$.a', value: null })).toBe(false);
  expect(isFieldAt('$.tags[0]', '$.tags[4]')).toBe(true);
  expect(isFieldAt('$.a', '$.data.a.b')).toBe(true);
  expect(leavesOf([])).toEqual([]);
});

it.each([
  ['$.version', true],
  ['$.meta.resourceVersion', true],
  ['$.etag', true],
  ['$._rev', true],
  ['$.updatedAt', true],
  ['$.updated_at', true],
  ['$.updated', true],
  ['$.lastModified', true],
  ['$.modificationDate', true],
  ['$.history[3].at', true],
  ['$.change', false],
  ['$.changed', false],
  ['$.updates', false],
  ['$.createdAt', false],
  ['$.conversion', false],
  ['$.reviews', false],
])('%s is a version field: %s', (path, expected) => {
  expect(isVersionField(path)).toBe(expected);
});

it.each([
  ['$.seenAt', true],
  ['$.expires', true],
  ['$.data.date', true],
  ['$.amount', false],
  ['$.format', false],
])('%s is a time field: %s', (path, expected) => {
  expect(isTimeField(path)).toBe(expected);
});

describe('sortDrift', () => {
  const written = fieldsIn(sent('{"name":"n","amount":5,"tags":["a"],"secret":"s"}'));
  it.each([
    [{ path: '$.amount', before: 5, after: 10 }, 'lost'],
    [{ path: '$.amount', before: 3, after: 5 }, 'none'],
    [{ path: '$.tags[1]', before: undefined, after: 'a' }, 'lost'],
    [{ path: '$.counter', before: 1, after: 2 }, 'lost'],
    [{ path: '$.isOpen', before: true, after: false }, 'lost'],
    [{ path: '$.list', before: undefined, after: [1] }, 'lost'],
    [{ path: '$.name', before: 'n', after: 'm' }, 'lost'],
    [{ path: '$.secret', before: '$2b$1', after: '$2b$2' }, 'side'],
    [{ path: '$.clerk', before: 'Ada', after: 'Grace' }, 'side'],
    [{ path: '$.seenAt', before: 1, after: 2 }, 'side'],
    [{ path: '$.box', before: undefined, after: {} }, 'side'],
    [{ path: '$', before: '<p>1', after: '<p>2' }, 'side'],
    [{ path: '$.version', before: 1, after: 2 }, 'moved'],
    [{ path: '$.history[1]', before: undefined, after: {} }, 'moved'],
  ])('%j is %s', (change, expected) => {
    const { lost, side, moved } = sortDrift([change], written);
    const kind = lost.length > 0 ? 'lost' : side.length > 0 ? 'side' : moved.length > 0 ? 'moved' : 'none';
    expect(kind).toBe(expected);
  });
});

it.each([
  [[{ id: 1 }], [{ id: 1 }, { id: 2 }], 1],
  [[{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 3 }], 1],
  [[{ a: 1 }], [{ a: 2 }], 0],
  [[{ a: 1 }], [{ a: 1 }, { a: 1 }], 1],
  [['x'], ['x', 'y'], 1],
  [[], [], 0],
])('new items %#', (before, after, expected) => {
  expect(newItems(before, after)).toBe(expected);
});

describe('movedByReads', () => {
  const window = (step: number, durationUs = 1000) => ({
    changes: step === 0 ? [] : [{ path: '$.n', before: 0, after: step }],
    durationUs,
  });
  it.each([
    ['in both windows', [0, 0], [3, 3], false, 'again'],
    ['in the first alone', [0, 0], [1, 0], false, 'once'],
    ['without reads too', [1, 1], [4, 4], false, 'none'],
    ['with the looks, and further with reads', [1, 1], [4, 4], true, 'again'],
    ['with the looks alone', [1, 1], [2, 2], true, 'none'],
    ['in the second alone', [0, 0], [0, 1], false, 'none'],
  ] as const)('%s', (_, quiet, busy, isLook, expected) => {
    const [moved] = movedByReads(
      quiet.map(step => window(step)),
      busy.map(step => window(step)),
      isLook,
    );
    expect(moved === undefined ? 'none' : moved.once ? 'once' : 'again').toBe(expected);
  });

  it('does not take a clock for a counter', () => {
    expect(movedByReads([window(1), window(1)], [window(9, 9000), window(9, 9000)], true)).toEqual([]);
  });
});
