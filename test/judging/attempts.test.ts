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
  const attempt = (...statuses: readonly number[]) => {
    const looks = statuses.map(status => answered('look', status, { method: 'GET' }));
    const exchanges = [answered('first', 201), ...looks];
    return {
      attempt: 1,
      exchanges,
      readings: [reading('count', 1, { exchanges: looks.map(({ n }) => n) })],
      hooks: [],
    };
  };
  const turn = (...statuses: readonly number[]) =>
    turnAfter(planned as unknown as Case, NOTHING_YET, attempt(...statuses), {
      preflight: soundPreflight,
      maxWaitMs: 0,
      onInternalError: error => {
        throw error;
      },
    });

  test('is not void for a read of a count that was turned away and made again', () => {
    expect(turn(503, 429, 200)).toMatchObject({ isOver: true, verdict: { verdict: 'pass' } });
    expect(turn(503, 404)).toMatchObject({ isOver: true, verdict: { verdict: 'pass' } });
  });

  test('is void where the read was never answered: it may hide an effect that the count lacks', () => {
    expect(turn(503, 503)).toMatchObject({ isOver: false, voiding: { response: { status: 503 } } });
    expect(turn(200, 503)).toMatchObject({ isOver: false, voiding: { response: { status: 503 } } });
  });
});
