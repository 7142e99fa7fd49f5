import { describe, expect, test } from 'vitest';
import { fail, findings, inconclusive, pass, suspect, type Verdict } from '../../src/core/verdict.js';
import type { Case } from '../../src/core/plan.js';
import { confirmed, voidedBy } from '../../src/judging/attempts.js';
import { NOTHING_YET, turnAfter } from '../../src/judging/verdict-of.js';
import { reading, soundPreflight } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { operation } from '../support/subject.js';

const { answered } = createCanned();
const verdict = (...found: Parameters<typeof findings>[0]): Verdict => findings(found) ?? pass();

describe('a try is void', () => {
  test.each([429, 502, 503, 504])('when %i was answered outside a race', status => {
    expect(voidedBy([answered('first', 201), answered('replay', status)], pass())).toMatchObject({
      response: { status },
    });
  });

  test('but not when it proved a failure all the same, nor for a 429 in a race that was judged', () => {
    const proven = verdict(fail('duplicate-created', {}, []));
    expect(voidedBy([answered('replay', 503)], proven)).toBeNull();
    expect(voidedBy([answered('race', 429, { sync: 'barrier' })], pass())).toBeNull();
  });

  test('nor for a 429 that the case asked for, unless others came with it', () => {
    const asked = [answered('provoked', 429), answered('provoked again', 429)];
    expect(voidedBy(asked, pass())).toBeNull();
    expect(voidedBy([...asked, answered('control', 429)], pass())).toMatchObject({ response: { status: 429 } });
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

describe('a case', () => {
  const planned = {
    check: { messages: {} },
    operation: operation('POST', '/orders', 'create'),
    scenario: { judge: () => pass() },
  };
  const attempt = (count: number | null) => {
    const list = answered('list', 503);
    const exchanges = [answered('first', 201), list];
    return { attempt: 1, exchanges, readings: [reading('count', count, { exchanges: [list.n] })], hooks: [] };
  };
  const turn = (count: number | null) =>
    turnAfter(planned as unknown as Case, NOTHING_YET, attempt(count), {
      preflight: soundPreflight,
      maxWaitMs: 0,
      onInternalError: error => {
        throw error;
      },
    });

  test('is not void for what a count met before it came about, and is where none did', () => {
    expect(turn(1)).toMatchObject({ isOver: true, verdict: { verdict: 'pass' } });
    expect(turn(null)).toMatchObject({ isOver: false, voiding: { response: { status: 503 } } });
  });
});
