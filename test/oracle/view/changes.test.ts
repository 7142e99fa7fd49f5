import { describe, expect, test } from 'vitest';
import type { WorldRead } from '../../../src/core/reading.js';
import { changesBetween } from '../../../src/oracle/view/changes.js';

type Members = WorldRead['members'];
const world = (members: Members) => [{ name: 'GET /a/{id}', at: {}, members }];
const between = (from: Members, to: Members) =>
  changesBetween(world(from), world(to)).map(({ read: _read, ...change }) => change);

describe('what moved', () => {
  test.each<[string, Members, Members, object]>([
    ['a number, exactly', { '$.n': '5.1' }, { '$.n': '5.3' }, { kind: 'number', from: '5.1', to: '5.3', by: '0.2' }],
    ['an amount in a text', { '$.n': '"5.10"' }, { '$.n': '"5.35"' }, { kind: 'number', by: '0.25' }],
    ['a number that was null', { '$.n': 'null' }, { '$.n': '12' }, { kind: 'number', from: '0', by: '12' }],
    ['a number that was not there', {}, { '$.n': '12' }, { kind: 'number', from: '0', by: '12' }],
    ['a text that was not there', {}, { '$.by': '"me"' }, { kind: 'appeared', to: '"me"' }],
    ['a digit in a text that was not there', {}, { '$.by': '"7"' }, { kind: 'appeared', to: '"7"' }],
    ['a member that went', { '$.by': '"me"' }, {}, { kind: 'vanished', from: '"me"' }],
    ['a state', { '$.s': '"open"' }, { '$.s': '"closed"' }, { kind: 'changed', from: '"open"', to: '"closed"' }],
    ['a number that became a text', { '$.s': '1' }, { '$.s': '"x"' }, { kind: 'changed', from: '1', to: '"x"' }],
    ['a list that grew', { '$.l': ['1'] }, { '$.l': ['1', '2'] }, { kind: 'items', appeared: ['2'], vanished: [] }],
    ['a list that shrank', { '$.l': ['1', '2'] }, { '$.l': ['2'] }, { kind: 'items', appeared: [], vanished: ['1'] }],
    ['the same item once more', { '$.l': ['a'] }, { '$.l': ['a', 'a'] }, { kind: 'items', appeared: ['a'] }],
    ['a list that came', {}, { '$.l': ['a', 'b'] }, { kind: 'items', appeared: ['a', 'b'] }],
    ['the answer went', { '$.s': '1' }, null, { path: '$', kind: 'changed', to: 'gone' }],
    ['the answer came', null, { '$.s': '1' }, { path: '$', kind: 'appeared' }],
  ])('%s', (_, from, to, change) => {
    const changes = between(from, to);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject(change);
  });

  test.each<[string, Members, Members]>([
    ['nothing', { '$.s': '1', '$.l': ['a'] }, { '$.s': '1', '$.l': ['a'] }],
    ['the same number in other digits', { '$.n': '1.50' }, { '$.n': '1.5' }],
    ['an empty list that came', {}, { '$.l': [] }],
    ['nothing where nothing was', null, null],
  ])('not: %s', (_, from, to) => {
    expect(between(from, to)).toEqual([]);
  });
});

test('a read that only one of the looks holds is not compared', () => {
  const other = { name: 'GET /b', at: {}, members: { '$.n': '1' } };
  expect(changesBetween([...world({ '$.n': '1' }), other], world({ '$.n': '1' }))).toEqual([]);
});
