import { describe, expect, it } from 'vitest';
import { keyConcurrentSingleEffect as check } from '../../../src/checks/keys/key-concurrent-single-effect.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const order = { id: '1' };

/** A round whose requests were all in flight at once. */
const race = (round: number, statuses: readonly number[], body: object = order): readonly Exchange[] =>
  statuses.map((status, lane) => answered('race', status, { round, lane, sync: 'barrier', from: lane, to: 100, body }));
/** A round whose requests came one after the other. */
const queue = (round: number, statuses: readonly number[]): readonly Exchange[] =>
  statuses.map((status, lane) =>
    answered('race', status, { round, lane, sync: 'barrier', from: lane * 100, to: lane * 100 + 50, body: order }),
  );
const converge = (round: number, status = 201) => answered('converge', status, { round, body: order });
const settled = (round: number, count: number | null, overrides: Partial<Reading> = {}) =>
  reading('settled', count, { round, ...overrides });

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly expected: string;
}

const table: readonly Row[] = [
  {
    name: 'one effect',
    exchanges: [...race(0, [201, 201]), converge(0)],
    readings: [settled(0, 1)],
    expected: 'pass +race-power +not-between',
  },
  {
    name: 'losers with 409',
    exchanges: [...race(0, [201, 409, 409]), converge(0)],
    readings: [settled(0, 1)],
    expected: 'pass +race-power +not-between',
  },
  {
    name: 'by ids alone',
    exchanges: [...race(0, [201, 409]), converge(0)],
    readings: [settled(0, 1, { kind: 'identity' })],
    expected: 'pass +identity-oracle +race-power +not-between',
  },
  {
    name: 'two effects',
    exchanges: race(0, [201, 201]),
    readings: [settled(0, 2)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'two effects without overlap',
    exchanges: queue(0, [201, 201]),
    readings: [settled(0, 2)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'two effects seen at once, one later',
    exchanges: race(0, [201, 201]),
    readings: [reading('seen', 2), settled(0, 1)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'two effects in the second round',
    exchanges: [...race(0, [201, 409]), ...race(1, [201, 201])],
    readings: [settled(0, 1), settled(1, 2)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'two effects beside a lost answer',
    exchanges: [...race(0, [201]), lost('race', 'timeout', { sync: 'barrier', lane: 1 })],
    readings: [settled(0, 2)],
    expected: 'fail duplicate-created',
  },
  {
    name: 'no overlap',
    exchanges: [...queue(0, [201, 201]), converge(0)],
    readings: [settled(0, 1)],
    expected: 'inconclusive no-overlap',
  },
  {
    name: 'a lost answer',
    exchanges: [...race(0, [201, 201]), lost('race', 'timeout', { sync: 'barrier', lane: 2 })],
    readings: [settled(0, 1)],
    expected: 'inconclusive lost-answers',
  },
  { name: 'a 503', exchanges: race(0, [201, 503]), readings: [settled(0, 1)], expected: 'inconclusive unavailable' },
  {
    name: 'a 429 that the contract lists',
    exchanges: race(0, [201, 429]),
    readings: [settled(0, 1)],
    expected: 'pass +losers-429 +race-power +not-between',
  },
  { name: 'a 500 in one round', exchanges: race(0, [201, 500]), readings: [settled(0, 1)], expected: 'fail crashed?' },
  {
    name: 'a 500 in two rounds',
    exchanges: [...race(0, [201, 500]), ...race(1, [201, 500])],
    readings: [settled(0, 1), settled(1, 1)],
    expected: 'fail crashed',
  },
  {
    name: 'two 500s in one round',
    exchanges: race(0, [500, 500]),
    readings: [settled(0, 1)],
    expected: 'fail crashed?',
  },
  {
    name: 'all refused for good',
    exchanges: [...race(0, [409, 409]), converge(0, 409)],
    readings: [settled(0, 0)],
    expected: 'warn nothing-created',
  },
  {
    name: 'all refused, uncounted',
    exchanges: [...race(0, [409, 409]), converge(0, 409)],
    readings: [],
    expected: 'inconclusive response-consistent',
  },
  {
    name: 'accepted without an effect',
    exchanges: [...race(0, [201, 409]), converge(0)],
    readings: [settled(0, 0)],
    expected: 'inconclusive no-effect',
  },
  {
    name: 'equal answers, uncounted',
    exchanges: race(0, [201, 201]),
    readings: [],
    expected: 'inconclusive response-consistent',
  },
  {
    name: 'other answers, uncounted',
    exchanges: race(0, [201, 409]),
    readings: [],
    expected: 'inconclusive oracle-blind',
  },
  {
    name: 'two ids of jobs',
    exchanges: [...race(0, [202, 202])],
    readings: [settled(0, 2, { kind: 'identity' })],
    expected: 'inconclusive still-pending',
  },
  { name: 'nothing sent', exchanges: [], readings: [], expected: 'inconclusive no-overlap' },
];

const creating = () => subject(resource().create);

describe('key-concurrent-single-effect', () => {
  it.each(table)('$name', ({ exchanges, readings, expected }) => {
    expect(outcome(scenarioOf(check, creating()).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('lets a 429 void the round where the contract does not list it', () => {
    const contract = { ...keyed, inflight: { statuses: [409], mayWait: true } };
    const strict = scenarioOf(check, subject(operation('POST', '/orders', 'create', { contract })));
    const seen = evidence(race(0, [201, 429]), [settled(0, 1)]);
    expect(outcome(strict.judge(seen))).toBe('inconclusive rate-limited');
  });

  it('counts only the rounds that overlapped as power', () => {
    const seen = evidence([...race(0, [201, 201]), ...queue(1, [201, 201])], [settled(0, 1), settled(1, 1)]);
    const verdict = scenarioOf(check, creating()).judge(seen);
    expect(verdict).toMatchObject({ verdict: 'pass', notes: [{ code: 'race-power', args: { rounds: 1 } }, {}] });
  });

  it('does not pass by an oracle that never counted to two', () => {
    const seen = evidence(race(0, [201, 201]), [settled(0, 1)], { preflight: { countsToTwo: false } });
    expect(outcome(scenarioOf(check, creating()).judge(seen))).toBe('inconclusive oracle-uncontrolled');
  });

  it('does not believe "nothing" of an oracle that never counted to two', () => {
    const seen = evidence([...race(0, [409, 409]), converge(0, 409)], [settled(0, 0)], {
      preflight: { countsToTwo: false },
    });
    expect(outcome(scenarioOf(check, creating()).judge(seen))).toBe('inconclusive no-effect');
  });

  it('shows every request of a round whose effects hide behind errors', () => {
    const verdict = scenarioOf(check, creating()).judge(evidence(race(0, [503, 503]), [settled(0, 2)]));
    expect(verdict).toMatchObject({ verdict: 'fail', findings: [{ exchanges: { length: 2 } }] });
  });

  it('takes a fresh key and marker each round, one for all its requests', () => {
    const { exchanges, verdict } = drive(scenarioOf(check, creating()), createShop());
    expect(outcome(verdict)).toBe('pass +race-power +not-between');
    const sent = [0, 1, 2].map(round =>
      exchanges
        .filter(item => item.round === round)
        .map(({ request }) => JSON.stringify([request.headers, request.body])),
    );
    expect(sent.map(round => round.length)).toEqual([3, 5, 5]);
    expect(sent.map(round => new Set(round).size)).toEqual([1, 1, 1]);
    expect(new Set(sent.flat()).size).toBe(3);
  });

  it('stops at the first round with two effects', () => {
    const { exchanges, verdict } = drive(scenarioOf(check, creating()), createShop({ honoursKeys: false }));
    expect(outcome(verdict)).toBe('fail duplicate-created');
    expect(exchanges.map(({ round }) => round)).toEqual([0, 0, 0]);
  });

  it('settles each round of an unmarked create before the next begins', () => {
    const create = operation('POST', '/orders', 'create', { marked: false });
    const shop = createShop();
    let total = 0;
    const { verdict, steps } = drive(scenarioOf(check, subject(create)), {
      handle(request, nowUs) {
        const reply = shop.handle(request, nowUs);
        total = Number(/"id":"(\d+)"/.exec(JSON.stringify(reply.body))?.[1] ?? total);
        return reply;
      },
      count: () => total,
    });
    expect(outcome(verdict)).toBe('pass +race-power +not-between');
    expect(steps.filter(step => step.kind === 'effects').map(({ label }) => label)).toEqual(
      [0, 1, 2].flatMap(() => ['before', 'settled']),
    );
  });
});
