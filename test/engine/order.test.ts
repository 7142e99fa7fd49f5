import { expect, test } from 'vitest';
import { pass } from '../../src/core/verdict.js';
import { isolationOf, orderOf } from '../../src/engine/order.js';
import { operation, resource } from '../support/subject.js';
import { planned } from './small-run.js';

test('cases are sorted by when they are played, each group as planned', () => {
  const late = { isLate: true };
  const cases = [
    planned({ id: 'a', scenario: { review: () => pass() } }),
    planned({ id: 'b', check: late }),
    planned({ id: 'c' }),
    planned({ id: 'd', check: late, scenario: { hooks: ['clock'] } }),
    planned({ id: 'e', scenario: { hooks: ['restart'] } }),
    planned({ id: 'f', check: late }),
    planned({ id: 'g', scenario: { standsBy: 'nothing called it' } }),
  ];
  const order = Object.entries(orderOf(cases)).map(([name, group]) => [
    name,
    group.map(({ check }: (typeof cases)[number]) => check.id).join(''),
  ]);
  expect(Object.fromEntries(order)).toEqual({
    sending: 'bcdef',
    late: 'bf',
    quiet: 'c',
    moving: 'de',
    standing: 'g',
    reviews: 'a',
  });
});

const unmarked = operation('POST', '/orders', 'create', { marked: false });
const pay = operation('POST', '/orders/{id}/pay', 'action:pay', { marked: false });
const remove = operation('DELETE', '/orders/{id}', 'delete');

test.each([
  ['as its check wants', {}, { isolation: 'alone' }, undefined, 'alone'],
  ['with others, where records tell whose they are', {}, {}, undefined, 'shared'],
  ['alone, where they do not', { create: unmarked }, {}, unmarked, 'alone'],
  ['with others, where no list could mix them up', { create: unmarked, list: null }, {}, unmarked, 'shared'],
  ['apart, when it is late and told by a marker', {}, { isLate: true, isolation: 'alone' }, undefined, 'none'],
  ['alone, when it is late and cannot be told', { create: unmarked }, { isLate: true }, unmarked, 'alone'],
  ['apart, when it is late on a record of its own', { create: unmarked }, { isLate: true }, pay, 'none'],
  ['alone, when it is late and deletes what cannot be told', { create: unmarked }, { isLate: true }, remove, 'alone'],
] as const)('a case is played %s', (_how, within, check, of, isolation) => {
  const on = resource(within);
  expect(isolationOf(planned({ within: on, check, operation: of ?? on.create }))).toBe(isolation);
});
