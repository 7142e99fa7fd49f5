import { describe, expect, test } from 'vitest';
import { derivedVariant, merged, payloadsOf, without } from '../../../src/spec/compile/payloads.js';

describe('a variant nobody wrote', () => {
  test.each([
    [{ amount: 99.99 }, { amount: 100.99 }],
    [{ price: 4.35 }, { price: 5.35 }],
    [
      { name: 'a', count: 0 },
      { name: 'a', count: 1 },
    ],
    [
      { urgent: true, count: 1 },
      { urgent: true, count: 2 },
    ],
    [{ urgent: true }, { urgent: false }],
    [{ customer: { age: 3 } }, { customer: { age: 4 } }],
    [
      { customer_id: 5, amount: 1 },
      { customer_id: 5, amount: 2 },
    ],
    [{ customerId: 5, page: 1, version: 2 }, undefined],
    [{ dryRun: true, testMode: false }, undefined],
    [{ reference: '{{marker}}', count: '{{int}}' }, undefined],
    [[1, 2], undefined],
    ['text', undefined],
    [5, undefined],
  ])('%j -> %j', (body, variant) => {
    expect(derivedVariant(body)).toEqual(variant);
  });

  test('it is among the payloads exactly when there is one', () => {
    expect([...payloadsOf({ body: { amount: 1 } }).keys()]).toEqual(['body', 'changed']);
    expect([...payloadsOf({ body: { name: 'a' } }).keys()]).toEqual(['body']);
    expect([...payloadsOf({ text: '5' }).keys()]).toEqual(['body']);
    expect([...payloadsOf({}).keys()]).toEqual(['body']);
  });
});

test('mappings are merged, lists replaced', () => {
  expect(merged({ a: 1, b: { c: 2, d: [1, 2] } }, { b: { d: [3] }, e: null })).toEqual({
    a: 1,
    b: { c: 2, d: [3] },
    e: null,
  });
  expect(merged([1], { a: 1 })).toEqual({ a: 1 });
});

test('fields are left out wherever the path points, and the body stays as it was', () => {
  const body = { a: 1, list: [1, 2, 3], deep: [{ b: 1, c: 2 }, { b: 3 }] };
  expect(without(body, ['$.a', '$.deep[*].b'])).toEqual({ list: [1, 2, 3], deep: [{ c: 2 }, {}] });
  expect(without(body, ['$.list[0]', '$.list[1]'])).toMatchObject({ list: [3] });
  expect(without(body, ['$.list[0, 1]'])).toMatchObject({ list: [3] });
  expect(without(body, ['$.none'])).toEqual(body);
  expect(body.a).toBe(1);
});
