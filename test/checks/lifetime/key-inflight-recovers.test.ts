import { describe, expect, it } from 'vitest';
import { keyInflightRecovers as check } from '../../../src/checks/lifetime/key-inflight-recovers.js';
import type { Exchange } from '../../../src/core/http.js';
import { drive, type Server } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyless, operation, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const SECOND = 1_000_000;
const order = { id: '1' };
const cut = (round = 0) => lost('cut', 'aborted', { round, from: 0, to: 0 });
const retry = (seconds: number, status: number, round = 0) =>
  answered('retry', status, { round, from: seconds * SECOND, to: seconds * SECOND, body: order });
const finished = (again = 201) => [
  answered('finished', 201, { body: order }),
  answered('finished-again', again, { body: order }),
];

const table: readonly { readonly name: string; readonly exchanges: readonly Exchange[]; readonly expected: string }[] =
  [
    { name: 'answered at once', exchanges: [cut(), retry(0.5, 201), ...finished()], expected: 'pass +recovered' },
    {
      name: 'in flight for a while',
      exchanges: [cut(), retry(0.5, 409), retry(20, 409), retry(40, 201), ...finished()],
      expected: 'pass +recovered',
    },
    { name: 'later than a minute', exchanges: [cut(), retry(90, 201), ...finished()], expected: 'warn recovered-late' },
    { name: 'stuck', exchanges: [cut(), retry(30, 409), retry(60.5, 409), ...finished()], expected: 'fail stuck' },
    {
      name: 'one of two stuck',
      exchanges: [cut(), cut(1), retry(1, 201), retry(60, 423, 1), ...finished()],
      expected: 'fail stuck',
    },
    {
      name: 'watched for too short a time',
      exchanges: [cut(), retry(10, 409), ...finished()],
      expected: 'inconclusive still-in-flight',
    },
    {
      name: 'a finished key is answered with 409 too',
      exchanges: [cut(), retry(60, 409), ...finished(409)],
      expected: 'inconclusive control-failed',
    },
    {
      name: 'never cut',
      exchanges: [answered('cut', 201), retry(1, 201), ...finished()],
      expected: 'inconclusive control-failed',
    },
    { name: 'a crash', exchanges: [cut(), retry(1, 500), ...finished()], expected: 'inconclusive control-failed' },
    { name: 'unavailable', exchanges: [cut(), retry(1, 503), ...finished()], expected: 'inconclusive unavailable' },
    {
      name: 'the create is refused',
      exchanges: [cut(), retry(1, 201), answered('finished', 400)],
      expected: 'inconclusive first-refused',
    },
    {
      name: 'no answer',
      exchanges: [cut(), lost('retry', 'timeout'), ...finished()],
      expected: 'inconclusive lost-answers',
    },
  ];

/** A shop whose first two keys, those of the requests that are cut, stay in flight for so many seconds. */
function holding(seconds: number): Server {
  const shop = createShop();
  const since = new Map<string, number>();
  return {
    ...shop,
    handle(request, nowUs) {
      const key = JSON.stringify(request.headers);
      const first = since.get(key);
      const isHeld = first !== undefined && [...since.keys()].indexOf(key) < 2;
      if (isHeld && nowUs - first < seconds * SECOND) return { status: 409, body: {} };
      if (first === undefined) since.set(key, nowUs);
      return shop.handle(request, nowUs);
    },
  };
}

describe('key-inflight-recovers', () => {
  const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));

  it.each(table)('$name', ({ exchanges, expected }) => {
    expect(outcome(scenario.judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    [0, 'pass +recovered'],
    [30, 'pass +recovered'],
    [600, 'fail stuck'],
  ])('keys in flight for %i s after a cut', (seconds, expected) => {
    expect(outcome(drive(scenario, holding(seconds)).verdict)).toBe(expected);
  });

  it('asks once where a finished key is answered as one in flight would be', () => {
    const { exchanges, verdict } = drive(scenario, createShop({ replay: () => ({ status: 409, body: {} }) }));
    expect(exchanges.filter(({ step, round }) => step === 'retry' && round === 0)).toHaveLength(1);
    expect(outcome(verdict)).toBe('inconclusive control-failed');
  });

  it('does not apply without a key', () => {
    const free = operation('POST', '/orders', 'create', { contract: keyless });
    expect(check.plan(subject(free), null)).toEqual({ skip: 'takes no idempotency key' });
  });
});
