import { expect, it } from 'vitest';
import { outlived } from '../../../../src/checks/lib/judging/outlived.js';
import { createCanned } from '../../../support/exchange.js';

const { answered } = createCanned();
const first = answered('first', 201, { from: 1_000_000, to: 2_000_000 });
const repeat = (atUs: number) => answered('repeat', 201, { from: atUs, to: atUs });

it.each([
  ['in time', 5, 5_900_000, null],
  ['too late', 5, 6_000_000, { took: '5 s', ttl: '5 s' }],
  ['of unknown life', 'unknown' as const, 9_000_000_000, null],
  ['for ever', 'never' as const, 9_000_000_000, null],
])('%s', (_, ttl, atUs, args) => {
  expect(outlived({ ttl }, first, repeat(atUs))).toEqual(
    args === null ? null : { verdict: 'inconclusive', reason: 'key-outlived', args },
  );
});

it('says nothing of what was not sent', () => {
  expect(outlived({ ttl: 1 }, first, undefined)).toBe(null);
});
