import { describe, expect, test } from 'vitest';
import type { World, WorldRead } from '../../../src/core/reading.js';
import { changesBetween } from '../../../src/oracle/view/changes.js';
import { isCountable, lessonOf, provenBy, reducedTo } from '../../../src/oracle/view/lesson.js';

type Members = WorldRead['members'];
const own = 'GET /orders/{id}';
const about = { own, looked: [own], limits: null };
const world = (members: Members, name = own): World => [{ name, at: {}, members }];
const looks = (from: Members, to: Members, name = own) => ({ before: world(from, name), after: world(to, name) });

/** What is learned of one member, from how it moved on a resource and on its twin. */
function learned(one: readonly [string, string], two: readonly [string, string], path = '$.m') {
  const [first, twin] = [one, two].map(([from, to]) => looks({ [path]: from }, { [path]: to }));
  if (first === undefined || twin === undefined) throw new Error('two are needed');
  return lessonOf(about, first, twin, []).watched.map(({ read: _read, path: _path, ...watched }) => watched);
}

describe('what one operation does is what it did on a twin too', () => {
  test.each<[string, readonly [string, string], readonly [string, string], readonly object[]]>([
    ['the same step from the same value', ['0', '10'], ['0', '10'], [{ kind: 'number', step: '10', again: 'open' }]],
    ['the same step from other values', ['5', '15'], ['7', '17'], [{ kind: 'number', step: '10', again: 'proven' }]],
    ['another step', ['0', '10'], ['0', '11'], [{ kind: 'restless' }]],
    ['the same state', ['"a"', '"b"'], ['"a"', '"b"'], [{ kind: 'turned', to: '"b"' }]],
    ['another text', ['"a"', '"b"'], ['"a"', '"c"'], [{ kind: 'restless' }]],
    ['nothing on the twin', ['0', '10'], ['0', '0'], []],
    ['a number there and a text here', ['0', '10'], ['0', '"x"'], [{ kind: 'restless' }]],
  ])('%s', (_, one, two, watched) => {
    expect(learned(one, two)).toMatchObject(watched);
  });

  test.each(['$.version', '$.storeRevision', '$.meta.hit_count', '$.auditLog', '$.login_attempts'])(
    'what keeps book is told from an effect by its name: %s',
    path => {
      expect(learned(['1', '2'], ['1', '2'], path)).toMatchObject([{ kind: 'number', keepsBook: true }]);
    },
  );

  test.each(['$.inversion', '$.balance', '$.points', '$.request.total'])('and %s is none', path => {
    expect(learned(['1', '2'], ['1', '2'], path)).toMatchObject([{ kind: 'number', keepsBook: false }]);
  });

  test('items of each twin’s own are two; the same item on both is not', () => {
    const grown = (item: string) => looks({ '$.l': [] }, { '$.l': [item] });
    expect(lessonOf(about, grown('1'), grown('2'), []).watched).toMatchObject([{ kind: 'items', again: 'proven' }]);
    expect(lessonOf(about, grown('x'), grown('x'), []).watched).toMatchObject([{ kind: 'items', again: 'open' }]);
  });

  test('an array that lost items on the way counts for nothing', () => {
    const moved = looks({ '$.l': ['a'] }, { '$.l': ['b'] });
    expect(lessonOf(about, moved, moved, []).watched).toMatchObject([{ kind: 'restless' }]);
  });
});

test('what moves by itself, or by the twin’s operation, is no part of it: a counter of the whole server', () => {
  const one = looks({ '$.n': '0', '$.served': '40' }, { '$.n': '10', '$.served': '41' });
  const noise = changesBetween(world({ '$.served': '41' }), world({ '$.served': '42' }));
  expect(lessonOf(about, one, one, noise).watched.map(({ path }) => path)).toEqual(['$.n']);
});

test('what the own read shows is not taken from the list once more', () => {
  const list = 'GET /orders';
  const both = (from: string, to: string) => ({
    before: [...world({ '$.n': from }), ...world({ '$.items[own].n': from }, list)],
    after: [...world({ '$.n': to }), ...world({ '$.items[own].n': to }, list)],
  });
  expect(lessonOf(about, both('0', '1'), both('0', '1'), []).watched.map(({ read }) => read)).toEqual([own]);
});

describe('a second operation', () => {
  const first = looks({ '$.n': '0', '$.s': '"a"' }, { '$.n': '10', '$.s': '"b"' });
  const lesson = lessonOf(about, first, first, []);
  const second = (to: string, on: 'same' | 'sibling') =>
    provenBy(lesson, looks({ '$.n': '10', '$.s': '"b"' }, { '$.n': to, '$.s': '"b"' }), on);

  test.each<[string, 'same' | 'sibling', string, string, boolean]>([
    ['that moves it one more step proves that it counts', 'same', '20', 'proven', true],
    ['on a sibling too', 'sibling', '20', 'proven', true],
    ['that leaves it alone shows that it does not', 'same', '10', 'still', false],
    ['on a sibling says nothing of what it leaves alone', 'sibling', '10', 'open', false],
    ['that moves it in another way says nothing', 'same', '12', 'open', false],
  ])('%s', (_, on, to, again, isTrusted) => {
    const proven = second(to, on);
    expect(proven.watched).toMatchObject([
      { path: '$.n', again },
      { path: '$.s', kind: 'turned' },
    ]);
    expect(isCountable(proven)).toBe(isTrusted);
  });
});

test('a world is reduced to what is watched', () => {
  const first = looks({ '$.n': '0', '$.other': '1' }, { '$.n': '10', '$.other': '1' });
  const lesson = lessonOf(about, first, first, []);
  const whole = [...world({ '$.n': '0', '$.other': '1' }), ...world({ '$.x': '1' }, 'GET /x')];
  expect(reducedTo(lesson, whole)).toEqual(world({ '$.n': '0' }));
  expect(reducedTo(lesson, world(null))).toEqual(world(null));
});
