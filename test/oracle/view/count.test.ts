import { describe, expect, test } from 'vitest';
import type { WorldRead } from '../../../src/core/reading.js';
import { tallyOf } from '../../../src/oracle/view/count.js';
import { isCountable, showsEffect, type Lesson, type Watched } from '../../../src/oracle/view/lesson.js';

type Members = WorldRead['members'];
const own = 'GET /orders/{id}';
const at = (path: string) => ({ read: own, path });

const refunded: Watched = { ...at('$.refunded'), kind: 'number', step: '10', again: 'proven', keepsBook: false };
const open: Watched = { ...refunded, again: 'open' };
const once: Watched = { ...refunded, again: 'still' };
const entries: Watched = { ...at('$.entries'), kind: 'items', step: 2, again: 'proven', keepsBook: false };
const state: Watched = { ...at('$.state'), kind: 'turned', to: '"cancelled"' };
const version: Watched = { ...at('$.version'), kind: 'number', step: '1', again: 'proven', keepsBook: true };
const stamp: Watched = { ...at('$.changedAt'), kind: 'restless' };

const before = { '$.refunded': '0', '$.entries': ['a'], '$.state': '"open"', '$.version': '4', '$.changedAt': '"x"' };

function tally(watched: readonly Watched[], after: Members, from: Members = before) {
  const lesson: Lesson = { own, looked: [own], limits: null, watched };
  const world = (members: Members) => [{ name: own, at: {}, members }];
  return tallyOf(lesson, world(from), world(after === null ? null : { ...from, ...after }));
}

/** The table of docs/effects.md, a row a case: what one operation moves, what moved, the count, and whether "one" may pass. */
describe('the count by what moved', () => {
  test.each<[string, readonly Watched[], Members, number | null, boolean]>([
    ['nothing moved: no effect', [refunded, state], {}, 0, true],
    ['a number by its step: one', [refunded], { '$.refunded': '10' }, 1, true],
    ['a number by k steps: k', [refunded], { '$.refunded': '30.00' }, 3, true],
    ['a number by part of a step', [refunded], { '$.refunded': '15' }, null, true],
    ['a number the other way', [refunded], { '$.refunded': '-10' }, null, true],
    ['a number never seen twice, by its step: one, which proves nothing', [open], { '$.refunded': '10' }, 1, false],
    ['a number never seen twice, by two steps: two, which is proof', [open], { '$.refunded': '20' }, 2, false],
    ['a number that a second operation leaves alone, twice: two', [once], { '$.refunded': '20' }, 2, false],
    ['an array by its items: one', [entries], { '$.entries': ['a', 'b', 'c'] }, 1, true],
    ['an array by k times its items: k', [entries], { '$.entries': ['a', 'b', 'c', 'd', 'e'] }, 2, true],
    ['an array by part of its items', [entries], { '$.entries': ['a', 'b'] }, null, true],
    ['an array that lost items', [entries], { '$.entries': [] }, null, true],
    ['a state that turned, alone: once or more', [state], { '$.state': '"cancelled"' }, 1, false],
    ['a state that did not turn: no effect', [state], { '$.changedAt': '"y"' }, 0, false],
    ['a state that turned into something else', [state], { '$.state': '"void"' }, null, false],
    ['a state and a number: the number', [state, refunded], { '$.state': '"cancelled"', '$.refunded': '20' }, 2, true],
    ['a state without its number', [state, refunded], { '$.state': '"cancelled"' }, null, true],
    ['a number without its state', [state, refunded], { '$.refunded': '10' }, null, true],
    [
      'numbers that differ: the most',
      [refunded, entries],
      { '$.refunded': '20', '$.entries': ['a', 'b', 'c'] },
      2,
      true,
    ],
    ['one number of two', [refunded, entries], { '$.refunded': '10' }, null, true],
    [
      'one number, and one that a second operation leaves alone',
      [{ ...at('$.total'), kind: 'number', step: '1', again: 'proven', keepsBook: false }, once],
      { '$.total': '1' },
      1,
      true,
    ],
    ['a state and one write: one', [state, version], { '$.state': '"cancelled"', '$.version': '5' }, 1, true],
    [
      'a state and two writes: not two effects',
      [state, version],
      { '$.state': '"cancelled"', '$.version': '6' },
      null,
      true,
    ],
    ['a proven number and two writes: one', [refunded, version], { '$.refunded': '10', '$.version': '6' }, 1, true],
    [
      'what is another each time counts for nothing',
      [refunded, stamp],
      { '$.refunded': '10', '$.changedAt': '"y"' },
      1,
      true,
    ],
    ['nothing but a version', [version, stamp], { '$.version': '5' }, null, false],
  ])('%s', (_, watched, after, count, mayPass) => {
    const counted = tally(watched, after);
    expect(counted.count).toBe(count);
    expect(counted.trouble === null).toBe(count !== null);
    expect(isCountable({ own, looked: [], limits: null, watched })).toBe(mayPass);
  });

  test('a state that had turned before shows nothing', () => {
    expect(tally([state], {}, { ...before, '$.state': '"cancelled"' })).toMatchObject({ count: null });
  });

  test('an answer that went is a state that turned, and goes once', () => {
    const gone: Watched = { ...at('$'), kind: 'turned', to: 'gone' };
    expect(tally([gone], null)).toMatchObject({ count: 1, moved: ['$ there -> gone'] });
    expect(tally([gone], {})).toMatchObject({ count: 0 });
    expect(tally([gone], null, null)).toMatchObject({ count: null });
  });

  test('only a version or what is another each time shows no effect', () => {
    expect(showsEffect({ own, looked: [], limits: null, watched: [version, stamp] })).toBe(false);
    expect(showsEffect({ own, looked: [], limits: null, watched: [state] })).toBe(true);
  });
});

test('what moved is told in words, the read named where it is not the own one; a value of each time is not', () => {
  const elsewhere: Watched = { ...refunded, read: 'GET /accounts/{id}', path: '$.points' };
  const watched = [refunded, elsewhere, entries, state, stamp];
  const lesson: Lesson = { own, looked: [], limits: null, watched };
  const account = (points: string) => ({
    name: 'GET /accounts/{id}',
    at: { id: '7' },
    members: { '$.points': points },
  });
  const after = {
    '$.refunded': '10',
    '$.entries': ['a', 'b', 'c'],
    '$.state': '"cancelled"',
    '$.changedAt': '"secret"',
  };
  const { moved } = tallyOf(
    lesson,
    [{ name: own, at: {}, members: before }, account('5')],
    [{ name: own, at: {}, members: { ...before, ...after } }, account('15')],
  );
  expect(moved).toEqual([
    '$.refunded +10',
    '$.entries +2 items',
    '$.state "open" -> "cancelled"',
    '$.changedAt moved',
    'GET /accounts/{id} $.points +10',
  ]);
});
