import { describe, expect, it } from 'vitest';
import { keyAbortThenRetry as check } from '../../../src/checks/keys/key-abort-then-retry.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const cut = (round: number) => lost('cut', 'aborted', { round });
const retry = (round: number, status = 201, id = `o${round}`) => answered('retry', status, { round, body: { id } });
const hungUp = (round: number) => lost('hung up', 'aborted', { round });
const atOnce = (round: number, status = 201) =>
  answered('provoked retry', status, { round, body: { id: `o${round}` } });
const settled = (round: number, count: number | null, overrides: Partial<Reading> = {}) =>
  reading('settled', count, { round, ids: [`o${round}`], ...overrides });

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
}

const table: readonly Row[] = [
  {
    name: 'the retry is a replay',
    exchanges: [cut(0), retry(0), cut(1), retry(1)],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'pass +cuts',
  },
  {
    name: 'the retry is refused, and one effect is there',
    exchanges: [cut(0), retry(0, 400), cut(1), answered('retry', 422, { round: 1 })],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'pass +cuts',
  },
  {
    name: 'a conflict that nobody promised may be a key in flight',
    exchanges: [cut(0), retry(0, 409), cut(1), answered('retry', 422, { round: 1 })],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'inconclusive still-in-flight',
  },
  {
    name: 'by ids alone',
    exchanges: [cut(0), retry(0)],
    readings: [settled(0, null, { kind: 'identity', trouble: 'ids are all there is' })],
    expected: 'inconclusive oracle-failed',
  },
  {
    name: 'two effects',
    exchanges: [cut(0), retry(0), cut(1), retry(1)],
    readings: [settled(0, 1), settled(1, 2)],
    expected: 'fail executed-twice',
  },
  {
    name: 'two effects although the answer was complete before the cut',
    exchanges: [answered('cut', 201, { round: 0 }), retry(0)],
    readings: [settled(0, 2)],
    expected: 'fail executed-twice',
  },
  {
    name: 'the client hung up, its retry at once is told to wait, and a later one replayed',
    exchanges: [cut(0), retry(0), hungUp(3), atOnce(3, 409), atOnce(3, 429), retry(3)],
    readings: [settled(0, 1), settled(3, 1)],
    expected: 'pass +cuts +impatient',
  },
  {
    name: 'the client hung up, and its retry at once is executed as well',
    exchanges: [cut(0), retry(0), hungUp(3), atOnce(3, 409), atOnce(3)],
    readings: [settled(0, 1), settled(3, 2)],
    expected: 'fail executed-twice',
  },
  {
    name: 'the client hung up, and its work was given up: the retry at once does it',
    exchanges: [cut(0), retry(0), hungUp(3), atOnce(3)],
    readings: [settled(0, 1), settled(3, 1)],
    expected: 'pass +cuts +impatient',
  },
  {
    name: 'the client hung up too late: the answer was there',
    exchanges: [cut(0), retry(0), answered('hung up', 201, { round: 3, body: { id: 'o3' } }), atOnce(3)],
    readings: [settled(0, 1), settled(3, 1)],
    expected: 'pass +cuts',
  },
  {
    name: 'success, and nothing there',
    exchanges: [cut(0), retry(0)],
    readings: [settled(0, 0)],
    expected: 'fail phantom-success?',
  },
  {
    name: 'success, and nothing there, in two rounds: each a record and a key of its own',
    exchanges: [cut(0), retry(0), cut(1), retry(1)],
    readings: [settled(0, 0), settled(1, 0)],
    expected: 'fail phantom-success',
  },
  {
    name: 'a crash on two retries',
    exchanges: [cut(0), retry(0, 500), cut(1), retry(1, 500)],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'fail retry-crashed',
  },
  {
    name: 'accepted, and nothing there yet',
    exchanges: [cut(0), retry(0, 202)],
    readings: [settled(0, 0)],
    expected: 'inconclusive no-effect',
  },
  {
    name: 'another record than the one that is there',
    exchanges: [cut(0), retry(0), cut(1), retry(1, 201, 'other')],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'fail other-record?',
  },
  {
    name: 'ids the list never names',
    exchanges: [cut(0), retry(0), cut(1), retry(1)],
    readings: [settled(0, 1, { ids: ['/x/1'] }), settled(1, 1, { ids: ['/x/2'] })],
    expected: 'pass +cuts',
  },
  {
    name: 'a crash on the retry',
    exchanges: [cut(0), retry(0, 500)],
    readings: [settled(0, 1)],
    expected: 'fail retry-crashed?',
  },
  {
    name: 'refused for good, nothing there',
    exchanges: [cut(0), retry(0, 404)],
    readings: [settled(0, 0)],
    expected: 'warn refused-for-good?',
  },
  {
    name: 'never cut',
    exchanges: [answered('cut', 201, { round: 0 }), retry(0)],
    readings: [settled(0, 1)],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'the connection was refused',
    exchanges: [lost('cut', 'refused', { round: 0 }), retry(0)],
    readings: [settled(0, 1)],
    expected: 'inconclusive control-failed',
  },
  {
    name: 'still in flight, one effect: nothing has ended',
    exchanges: [cut(0), retry(0, 425), retry(0, 425)],
    readings: [settled(0, 1)],
    expected: 'inconclusive still-in-flight',
  },
  {
    name: 'still in flight, nothing there: not this check',
    exchanges: [cut(0), retry(0, 409)],
    readings: [settled(0, 0)],
    expected: 'inconclusive still-in-flight',
  },
  {
    name: 'one key still in flight beside others that led to an answer',
    exchanges: [cut(0), retry(0), cut(1), retry(1, 409)],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'inconclusive still-in-flight',
  },
  {
    name: 'one retry without an answer',
    exchanges: [cut(0), retry(0), cut(1), lost('retry', 'timeout', { round: 1 })],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'inconclusive lost-answers',
  },
  {
    name: 'one round that could not be counted',
    exchanges: [cut(0), retry(0), cut(1), retry(1)],
    readings: [settled(0, 1), settled(1, null)],
    expected: 'inconclusive oracle-failed',
  },
  {
    name: 'an oracle that failed',
    exchanges: [cut(0), retry(0)],
    readings: [settled(0, null)],
    expected: 'inconclusive oracle-failed',
  },
];

describe('key-abort-then-retry', () => {
  const scenario = scenarioOf(check, subject(operation('POST', '/orders', 'create')));

  it.each(table)('$name', ({ exchanges, readings, expected }) => {
    expect(outcome(scenario.judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('takes a promised conflict for the answer of a finished key', () => {
    const contract = { ...keyed, replayMode: 'conflict' as const };
    const promised = scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract })));
    expect(outcome(promised.judge(evidence([cut(0), retry(0, 409)], [settled(0, 1)])))).toBe('pass +cuts');
  });

  it('takes a status by which a conflict is promised for that, though keys in flight have it too', () => {
    const inflight = { ...keyed.inflight, statuses: [400] };
    const contract = { ...keyed, replayMode: 'conflict' as const, replayStatuses: [400], inflight };
    const promised = scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract })));
    const judged = (count: number) => outcome(promised.judge(evidence([cut(0), retry(0, 400)], [settled(0, count)])));
    expect([judged(1), judged(0)]).toEqual(['pass +cuts', 'warn refused-for-good?']);
  });

  it('does not pass by an oracle that never counted to two', () => {
    const seen = evidence([cut(0), retry(0)], [settled(0, 1)], { preflight: { countsToTwo: false } });
    expect(outcome(scenario.judge(seen))).toBe('inconclusive oracle-uncontrolled');
  });

  it.each([
    ['a shop that keeps keys', createShop(), 'pass +cuts'],
    ['a shop that forgets them', createShop({ honoursKeys: false }), 'fail executed-twice'],
  ])('%s', (_, shop, expected) => {
    expect(outcome(drive(scenario, shop).verdict)).toBe(expected);
  });

  it('cuts at every point, each request under a key of its own, and retries them as they were', () => {
    const { steps, exchanges } = drive(scenario, createShop());
    const cuts = steps.filter(step => step.kind === 'interrupted');
    expect(cuts.map(step => step.cut).slice(0, 3)).toEqual(['written', 'half-way', 'head']);
    expect(cuts).toHaveLength(9);
    expect(new Set(cuts.map(({ outgoing }) => JSON.stringify(outgoing.request.headers))).size).toBe(9);
    for (const { round, outgoing } of cuts) {
      const sent = exchanges.find(exchange => exchange.step === 'retry' && exchange.round === round)?.request;
      expect(sent).toMatchObject({ headers: outgoing.request.headers, body: outgoing.request.body });
    }
  });

  it('tells the records of rounds apart where they carry no marker', () => {
    const unmarked = operation('POST', '/orders', 'create', { marked: false });
    const { steps } = drive(scenarioOf(check, subject(unmarked, resource({ create: unmarked }))), createShop());
    const order = steps.flatMap(step =>
      step.kind === 'interrupted' ? ['cut'] : step.label === 'settled' ? ['count'] : [],
    );
    expect(order).toEqual(['cut', 'count', 'cut', 'count', 'cut', 'count']);
  });

  it('does not apply without a key', () => {
    const free = operation('POST', '/orders', 'create', { contract: keyless });
    expect(check.plan(subject(free), null)).toEqual({ skip: 'takes no idempotency key' });
  });
});
