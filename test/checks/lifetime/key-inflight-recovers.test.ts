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

/** Requests of which the restart took the last one with it, and what came of its retry. */
const under = (last: Exchange, ...retries: readonly Exchange[]) => [
  answered('cut', 201, { round: 0 }),
  last,
  ...retries,
  ...finished(),
];
const taken = lost('cut', 'reset', { round: 1, from: 0, to: 0 });

const restarts: readonly (readonly [name: string, exchanges: readonly Exchange[], expected: string])[] = [
  ['a key that recovers', under(taken, retry(1, 409, 1), retry(40, 201, 1)), 'pass +recovered'],
  ['a key that recovers late', under(taken, retry(90, 201, 1)), 'warn recovered-late'],
  ['a key that stays taken', under(taken, retry(1, 409, 1), retry(61, 409, 1)), 'fail stuck'],
  ['a key watched for too short a time', under(taken, retry(10, 409, 1)), 'inconclusive still-in-flight'],
  ['nobody met by it', under(answered('cut', 201, { round: 1 })), 'inconclusive control-failed'],
  ['a connection never made', under(lost('cut', 'refused', { round: 1 })), 'inconclusive control-failed'],
  ['no answer within the time allowed', under(lost('cut', 'timeout', { round: 1 })), 'inconclusive control-failed'],
  ['records that are gone', under(taken, retry(1, 404, 1)), 'inconclusive control-failed'],
  ['an end in a crash', under(taken, retry(1, 500, 1)), 'inconclusive control-failed'],
];

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

  describe('under a restart', () => {
    const own = subject(operation('POST', '/orders', 'create'));
    const restartable = { ...own, hooks: new Set(['restart'] as const) };
    const restarting = scenarioOf(check, restartable, 'restart');

    it.each(restarts)('%s', (_, exchanges, expected) => {
      expect(outcome(restarting.judge(evidence(exchanges)))).toBe(expected);
    });

    it('retries the one request that was under way', () => {
      const { verdict, steps, exchanges } = drive(restarting, createShop());
      expect(outcome(verdict)).toBe('pass +recovered');
      expect(restarting.hooks).toEqual(['restart']);
      expect(steps.filter(({ kind }) => kind === 'disturbed')).toHaveLength(1);
      const keys = exchanges.map(({ request }) => JSON.stringify(request.headers));
      const cut = exchanges.findIndex(({ lost: reason }) => reason !== null);
      expect(keys.filter(key => key === keys[cut])).toHaveLength(2);
    });

    it('does not apply without the hook', () => {
      expect(check.plan(own, 'restart')).toEqual({ skip: 'the spec has no hook `restart`' });
    });
  });

  it('does not apply without a key', () => {
    const free = operation('POST', '/orders', 'create', { contract: keyless });
    expect(check.plan(subject(free), null)).toEqual({ skip: 'takes no idempotency key' });
  });
});
