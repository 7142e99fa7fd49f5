import { describe, expect, it } from 'vitest';
import { keyTtlHonoured as check } from '../../../src/checks/lifetime/key-ttl-honoured.js';
import { isSkip } from '../../../src/core/check.js';
import type { Contract } from '../../../src/core/contract.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyed, operation, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const creating = (contract: Partial<Contract>) => ({
  ...subject(operation('POST', '/orders', 'create', { contract: { ...keyed, ...contract } })),
  hasStore: true,
});
const DAY = 86_400_000;

/** What the store showed of a key: milliseconds to live, while its request was under way and afterwards. */
function looks(pending: readonly number[], finished: readonly number[]) {
  const seen = (step: string, ttls: readonly number[]) =>
    ttls.map((value, at) =>
      reading(`watched ${step}`, null, { kind: 'store', ids: [`key:${at}`], value, trouble: null }),
    );
  return [...seen('pending', pending), ...seen('finished', finished)];
}

type Row = readonly [name: string, Partial<Contract>, pending: readonly number[], finished: readonly number[], string];
const table: readonly Row[] = [
  ['as long as promised', { ttl: 86_400 }, [60_000], [DAY - 5], 'pass +stored +pending-stored'],
  ['as long as promised, too fast to be seen under way', { ttl: 86_400 }, [], [DAY], 'pass +stored'],
  ['longer than its lock', { ttl: 86_400 }, [60_000], [59_000, DAY], 'pass +stored +pending-stored'],
  ['an hour, where a day is promised', { ttl: 86_400 }, [60_000], [3_600_000], 'warn short-in-store'],
  ['an hour, where nothing is promised', {}, [60_000], [3_600_000], 'pass +stored +pending-stored'],
  ['20 s, where nothing is promised', {}, [], [20_000], 'warn short-in-store'],
  ['for ever, where a day is promised', { ttl: 86_400 }, [60_000], [-1], 'warn kept-for-ever'],
  ['for ever, as promised', { ttl: 'never' }, [], [-1], 'pass +stored'],
  ['a day, where for ever is promised', { ttl: 'never' }, [], [DAY], 'warn short-in-store'],
  ['without an end while under way', { ttl: 86_400 }, [-1], [DAY], 'warn pending-for-ever'],
  ['without an end at all', {}, [-1], [-1], 'warn kept-for-ever pending-for-ever'],
  ['nowhere to be found', { ttl: 86_400 }, [60_000], [], 'inconclusive control-failed'],
];

describe('key-ttl-honoured:store', () => {
  it.each(table)('%s', (_, contract, pending, finished, expected) => {
    const traced = evidence([answered('watched', 201)], looks(pending, finished));
    expect(outcome(scenarioOf(check, creating(contract), 'store').judge(traced))).toBe(expected);
  });

  it.each([
    ['nothing sent', [], 'inconclusive lost-answers'],
    ['a lost request', [lost('watched')], 'inconclusive lost-answers'],
    ['a refused one', [answered('watched', 422)], 'inconclusive first-refused'],
    ['a 503', [answered('watched', 503)], 'inconclusive unavailable'],
  ] as const)('copes with %s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, creating({}), 'store').judge(evidence(exchanges)))).toBe(expected);
  });

  it('does not apply where the spec names no store, and never moves the clock', () => {
    expect(isSkip(check.plan({ ...creating({}), hasStore: false }, 'store'))).toBe(true);
    const movable = { ...creating({}), hooks: new Set(['clock'] as const) };
    expect(scenarioOf(check, movable, 'store').hooks).toEqual([]);
  });
});
