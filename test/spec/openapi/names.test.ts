import { expect, test } from 'vitest';
import { freeName, resourceName, singular } from '../../../src/spec/openapi/names.js';

test.each([
  ['orders', 'order'],
  ['categories', 'category'],
  ['boxes', 'box'],
  ['addresses', 'address'],
  ['branches', 'branch'],
  ['status', 'status'],
  ['analysis', 'analysis'],
  ['address', 'address'],
  ['series', 'sery'],
  ['me', 'me'],
  ['news', 'new'],
])('%s -> %s', (plural, one) => {
  expect(singular(plural)).toBe(one);
});

test('a segment becomes a name the format takes', () => {
  expect(resourceName('line items')).toBe('line-item');
  expect(resourceName('2fa')).toBe('r2fa');
});

test('a name that is taken gets what comes before it, then a number', () => {
  expect(freeName('note', 'order', new Set())).toBe('note');
  expect(freeName('note', 'order', new Set(['note']))).toBe('order-note');
  expect(freeName('note', 'order', new Set(['note', 'order-note']))).toBe('order-note-2');
  expect(freeName('note', null, new Set(['note', 'note-2']))).toBe('note-3');
});
