import { describe, expect, test } from 'vitest';
import { confirmed, voidedBy } from '../../src/engine/attempts.js';
import { fail, findings, inconclusive, pass, suspect, type Verdict } from '../../src/core/verdict.js';
import { createCanned } from '../support/exchange.js';

const { answered } = createCanned();
const nowMs = Date.UTC(2026, 0, 1);
const within = (longestMs: number) => ({ tries: 0, longestMs, nowMs });
const verdict = (...found: Parameters<typeof findings>[0]): Verdict => findings(found) ?? pass();

describe('a try is void', () => {
  test.each([429, 502, 503, 504])('when %i was answered outside a race', status => {
    expect(voidedBy([answered('first', 201), answered('replay', status)], pass(), within(60_000))).toMatchObject({
      status,
    });
  });

  test('but not when it proved a failure all the same, nor for a 429 in a race that was judged', () => {
    const proven = verdict(fail('duplicate-created', {}, []));
    expect(voidedBy([answered('replay', 503)], proven, within(60_000))).toBeNull();
    expect(voidedBy([answered('race', 429, { sync: 'barrier' })], pass(), within(60_000))).toBeNull();
  });

  test('nor for a 429 that the case asked for, unless others came with it', () => {
    const asked = [answered('provoked', 429), answered('provoked again', 429)];
    expect(voidedBy(asked, pass(), within(60_000))).toBeNull();
    expect(voidedBy([...asked, answered('control', 429)], pass(), within(60_000))).toMatchObject({ status: 429 });
  });

  test.each([
    ['seconds', '7', 7000],
    ['a date, by the clock that was handed in', new Date(nowMs + 9000).toUTCString(), 9000],
    ['a date that is past', new Date(nowMs - 9000).toUTCString(), 0],
    ['nonsense, which counts for nothing', 'soon', 500],
  ])('for as long as Retry-After says, within the longest back-off: %s', (_what, value, ms) => {
    const limited = answered('first', 429, { headers: [['retry-after', value]] });
    expect(voidedBy([limited], pass(), within(60_000))).toEqual({ status: 429, ms });
    expect(voidedBy([limited], pass(), within(300))).toEqual({ status: 429, ms: Math.min(ms, 300) });
  });

  test('longer from try to try where no time is named', () => {
    const waits = [0, 1, 2, 3].map(
      tries => voidedBy([answered('first', 503)], pass(), { ...within(60_000), tries })?.ms,
    );
    expect(waits).toEqual([500, 1500, 4000, 4000]);
  });
});

describe('an odd answer', () => {
  const odd = suspect('crashed', {}, [answered('first', 500)]);

  test('counts when its code comes again', () => {
    expect(confirmed(verdict(odd), verdict(suspect('crashed', {}, [answered('second', 500)])))).toMatchObject({
      verdict: 'fail',
      findings: [{ code: 'crashed', certainty: 'proof', exchanges: [expect.any(Number), expect.any(Number)] }],
    });
  });

  test.each([
    ['a clean try', pass()],
    ['another odd answer', verdict(suspect('refused', {}, []))],
    ['a try without a verdict', inconclusive('lost-answers', { lost: 'reset' })],
  ])('does not count after %s', (_name, second) => {
    expect(confirmed(verdict(odd), second)).toMatchObject({ verdict: 'inconclusive', reason: 'not-reproduced' });
  });

  test('takes no proof away', () => {
    expect(confirmed(verdict(odd, fail('came-back', {}, [])), pass())).toMatchObject({
      verdict: 'fail',
      findings: [{ code: 'came-back' }],
    });
  });
});
