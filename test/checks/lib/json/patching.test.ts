import { expect, it } from 'vitest';
import { membersIn, withOnly } from '../../../../src/checks/lib/json/patching.js';

const request = (body: object) => ({ method: 'PATCH', path: '/x', headers: [], body: JSON.stringify(body) }) as const;

it.each([
  [{ status: 'a', note: null }, ['status']],
  [{ data: { type: 'orders', id: '1', attributes: { status: 'a', note: 'b' } } }, ['status', 'note']],
  // A field that happens to be called like a wrapper.
  [{ data: { a: 1 }, status: 'x' }, ['data', 'status']],
])('finds the members of %j', (body, expected) => {
  expect(membersIn(request(body))).toEqual(expected);
});

it('keeps some members, in the wrappers they came in', () => {
  const whole = { data: { type: 'orders', id: '1', attributes: { status: 'a', note: 'b' } } };
  const kept = { data: { type: 'orders', id: '1', attributes: { note: 'b' } } };
  expect(JSON.parse(withOnly(request(whole), ['note']).body ?? '')).toEqual(kept);
  expect(JSON.parse(withOnly(request({ a: 1, b: 2 }), ['b']).body ?? '')).toEqual({ b: 2 });
});
