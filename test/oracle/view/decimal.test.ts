import { expect, test } from 'vitest';
import { amountIn, differenceOf, isAmount, timesOf } from '../../../src/oracle/view/decimal.js';

test.each([
  ['5.1', '5.3', '0.2'],
  ['100', '90', '-10'],
  ['0', '12.10', '12.1'],
  ['0.1', '0.30000000000000004', '0.2'],
  ['9007199254740993', '9007199254740994', '1'],
  ['-1', '1', '2'],
  ['1e3', '1.5e3', '500'],
])('from %s to %s is %s', (from, to, by) => {
  expect(differenceOf(from, to)).toBe(by);
});

test.each([
  ['24.2', '12.1', 2],
  ['12.1', '12.1', 1],
  ['0', '12.1', 0],
  ['-6', '-3', 2],
  ['6', '-3', -2],
  ['0.30000000000000004', '0.1', 3],
  ['15', '10', null],
  ['10', '0', null],
  ['18014398509481986', '9007199254740993', 2],
  ['18014398509481985', '9007199254740992', null],
])('%s is %s so many times: %s', (movement, step, times) => {
  expect(timesOf(movement, step)).toBe(times);
});

test.each([
  ['12', true],
  ['-12.50', true],
  ['1e3', true],
  ['"12.50"', true],
  ['"a12"', false],
  ['"2026-01-01"', false],
  ['true', false],
  ['null', false],
])('%s is an amount: %s', (text, is) => {
  expect(isAmount(text)).toBe(is);
});

test('an amount in a text loses its quotes', () => {
  expect(amountIn('"12.50"')).toBe('12.50');
});
