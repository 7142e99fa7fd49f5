import { describe, expect, it } from 'vitest';
import { concurrentDistinctAllApply as check } from '../../../src/checks/keys/concurrent-distinct-all-apply.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, Request } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import type { Resource } from '../../../src/core/resource.js';
import { drive, type Reply, type Server } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { member, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const deposit = operation('POST', '/accounts/{id}/deposits', 'action:deposit', { marked: false });
const balance = { read: operation('GET', '/accounts/{id}', 'read'), value: member('balance') };
const account = resource({ actions: [{ name: 'deposit', operation: deposit, effect: balance }] });
const onDeposit = subject(deposit, account);
const onCreate = subject(resource().create);

/** A round whose requests were all in flight at once. */
const race = (round: number, statuses: readonly number[]): readonly Exchange[] =>
  statuses.map((status, lane) => answered('race', status, { round, lane, sync: 'barrier', from: lane, to: 100 }));
/** A round whose requests came one after the other. */
const queue = (round: number, statuses: readonly number[]): readonly Exchange[] =>
  statuses.map((status, lane) =>
    answered('race', status, { round, lane, sync: 'barrier', from: lane * 100, to: lane * 100 + 50 }),
  );
const number = (step: string, count: number | null, round = 0) => reading(step, count, { round, kind: 'number' });
const effects = (count: number | null, round = 0) => number('race effects', count, round);
/** As many requests one after the other, and what they amount to. */
const alone = (statuses: readonly number[], round = 0) => statuses.map(status => answered('alone', status, { round }));
const sound = number('alone effects', 2);

type Row = readonly [name: string, exchanges: readonly Exchange[], readings: readonly Reading[], expected: string];

const table: readonly Row[] = [
  ['all applied', race(0, [201, 201]), [effects(2)], 'pass +race-power'],
  ['losers refused', race(0, [201, 201, 409]), [effects(2)], 'pass +race-power'],
  ['one accepted, the other refused', race(0, [201, 409]), [effects(1)], 'pass +one-at-a-time +race-power'],
  ['losers with 429', race(0, [201, 201, 429]), [effects(2)], 'pass +race-power'],
  ['all but one with 429', race(0, [201, 429]), [effects(1)], 'inconclusive rate-limited'],
  ['one lost', [...race(0, [201, 201]), ...alone([201, 201])], [effects(1), sound], 'fail effects-lost'],
  [
    'one lost without overlap',
    [...queue(0, [201, 201]), ...alone([201, 201])],
    [effects(1), sound],
    'fail effects-lost',
  ],
  [
    'one lost in a later round',
    [...race(0, [201, 201]), ...race(1, [201, 201]), ...alone([201, 201], 1)],
    [effects(2), effects(1, 1), number('alone effects', 2, 1)],
    'fail effects-lost',
  ],
  [
    'a crash, one after the other too',
    [...race(0, [201, 500]), ...alone([201, 500]), ...race(1, [201, 500])],
    [effects(1), effects(1, 1)],
    'inconclusive control-failed',
  ],
  [
    'crashes, and none one after the other',
    [...race(0, [201, 500]), ...alone([201, 201]), ...race(1, [201, 500])],
    [effects(1), effects(1, 1)],
    'fail crashed',
  ],
  ['a look too early', race(0, [201, 201]), [effects(1), effects(2)], 'pass +race-power'],
  [
    'a refused one that was booked',
    [...race(0, [201, 409]), ...alone([201, 201])],
    [effects(2), sound],
    'fail effects-added',
  ],
  ['a 429 that was booked', [...race(0, [201, 429]), ...alone([201, 201])], [effects(2), sound], 'fail effects-added'],
  [
    'fewer, one after the other too',
    [...race(0, [201, 201]), ...alone([201, 201])],
    [effects(1), number('alone effects', 1)],
    'inconclusive control-failed',
  ],
  [
    'fewer, and the control is refused',
    [...race(0, [201, 201]), ...alone([201, 409])],
    [effects(1), number('alone effects', 1)],
    'inconclusive control-failed',
  ],
  ['fewer, and no control', race(0, [201, 201]), [effects(1)], 'inconclusive oracle-blind'],
  [
    'fewer, for later',
    [...race(0, [202, 202]), ...alone([202, 202])],
    [effects(1), sound],
    'inconclusive still-pending',
  ],
  ['one more behind a 500', race(0, [201, 500]), [effects(2)], 'fail crashed?'],
  [
    'one more behind a lost answer',
    [...race(0, [201]), lost('race', 'reset', { sync: 'barrier', lane: 1 })],
    [effects(2)],
    'inconclusive lost-answers',
  ],
  [
    'a 500 in two rounds',
    [...race(0, [201, 500]), ...race(1, [201, 500])],
    [effects(1), effects(1, 1)],
    'fail crashed',
  ],
  ['a 503', race(0, [201, 503]), [effects(1)], 'inconclusive unavailable'],
  ['no overlap', queue(0, [201, 201]), [effects(2)], 'inconclusive no-overlap'],
  ['everything refused', race(0, [409, 409]), [effects(0)], 'inconclusive no-effect'],
  ['no number', race(0, [201, 201]), [effects(null)], 'inconclusive oracle-failed'],
  ['half an effect', race(0, [201, 201]), [effects(1.5)], 'inconclusive oracle-failed'],
  ['no reading', race(0, [201, 201]), [], 'inconclusive oracle-blind'],
  ['nothing sent', [], [], 'inconclusive no-overlap'],
];

/** A bank with one account: adds up unless it reads the balance before others have written it. */
function createBank(
  options: {
    readonly loses?: boolean;
    readonly caps?: number;
    readonly permits?: number;
    readonly races?: boolean;
  } = {},
): Server {
  let [total, seen, moment] = [0, 0, -1];
  const pay = (nowUs: number): Reply => {
    if (nowUs !== moment) [seen, moment] = [total, nowUs];
    if ((options.races === true ? seen : total) >= (options.permits ?? Infinity)) return { status: 422 };
    total = Math.min((options.loses === true ? seen : total) + 1, options.caps ?? Infinity);
    return { status: 201, body: {} };
  };
  return {
    handle(request: Request, nowUs: number) {
      if (request.path.endsWith('/deposits')) return pay(nowUs);
      if (request.method === 'POST') total = 0;
      return { status: 201, body: { id: 'a1', balance: total } };
    },
    count: () => total,
  };
}

describe('concurrent-distinct-all-apply', () => {
  it.each([
    ['executed', 'a', 'b', 2, 'd', 'fail forgotten-in-traffic'],
    ['executed, as one of its age is without the rounds', 'a', 'b', 2, 'e', 'pass +race-power'],
    ['executed, with no other of its age', 'a', 'b', 2, null, 'pass +race-power'],
    ['answered as a repeat', 'a', 'a', 1, null, 'pass +race-power'],
    ['executed as all repeats are', 'b', 'c', 3, 'e', 'pass +race-power'],
    ['given another id, and nothing was done', 'a', 'b', 1, 'd', 'pass +race-power'],
  ])('a key from before the rounds that is %s', (_, again, late, count, kept, expected) => {
    const seen = [
      answered('planted', 201, { body: { id: 'a' } }),
      answered('planted again', 201, { body: { id: again } }),
      ...race(0, [201, 201]),
      answered('planted late', 201, { body: { id: late } }),
      ...(kept === null
        ? []
        : [answered('calm', 201, { body: { id: 'd' } }), answered('calm late', 201, { body: { id: kept } })]),
    ];
    const readings = [reading('race effects', 2), reading('planted effects', count)];
    expect(outcome(scenarioOf(check, onDeposit).judge(evidence(seen, [...readings, effects(2)])))).toBe(expected);
  });

  it.each(table)('%s', (_, exchanges, readings, expected) => {
    const seen = evidence(exchanges, readings, { preflight: { oracle: 'number' } });
    expect(outcome(scenarioOf(check, onDeposit).judge(seen))).toBe(expected);
  });

  it.each([
    ['all', [effects(2)]],
    ['fewer', [effects(1), sound]],
  ])('believes no oracle that never counted to two: %s', (_, readings) => {
    const seen = evidence([...race(0, [201, 201]), ...alone([201, 201])], readings, {
      preflight: { oracle: 'number', countsToTwo: false },
    });
    expect(outcome(scenarioOf(check, onDeposit).judge(seen))).toBe('inconclusive oracle-uncontrolled');
  });

  const controls = (count: number | null) => number('alone effects', count);
  it.each([
    ['one at a time', undefined, [200, 409], [], [effects(1)], 'pass +one-at-a-time +race-power'],
    ['two, twice done', 409, [200, 200], [200, 409], [effects(2), controls(1)], 'fail more-than-permitted'],
    ['two, done once', 409, [200, 200], [200, 409], [effects(1), controls(1)], 'warn more-than-permitted'],
    ['two, not counted', 409, [200, 200], [200, 409], [effects(null), controls(null)], 'warn more-than-permitted'],
    ['two, for later', 409, [202, 202], [202, 409], [effects(2), controls(1)], 'pass +race-power'],
    ['two, as one after the other', 409, [200, 200], [200, 200], [effects(2), controls(2)], 'pass +race-power'],
    ['two, and no control', 409, [200, 200], [], [effects(2)], 'inconclusive oracle-blind'],
    [
      'two, and a 429 in the control',
      409,
      [200, 200],
      [200, 429],
      [effects(2), controls(1)],
      'inconclusive control-failed',
    ],
    ['a balance overdrawn', undefined, [200, 200], [200, 422], [effects(2), controls(1)], 'fail more-than-permitted?'],
    [
      'a balance not overdrawn',
      undefined,
      [200, 422],
      [200, 422],
      [effects(1), controls(1)],
      'pass +one-at-a-time +race-power',
    ],
    ['a refused one done too', 409, [200, 409], [200, 409], [effects(2), controls(1)], 'fail effects-added'],
    [
      'a refused one done too, also alone',
      409,
      [200, 409],
      [200, 409],
      [effects(2), controls(2)],
      'inconclusive control-failed',
    ],
  ] as const)('what a state permits once: %s', (_, secondRefused, statuses, controlled, readings, expected) => {
    const preflight = { oracle: 'number' as const, ...(secondRefused === undefined ? {} : { secondRefused }) };
    const seen = evidence([...race(0, statuses), ...alone(controlled)], readings, { preflight });
    expect(outcome(scenarioOf(check, onDeposit).judge(seen))).toBe(expected);
  });

  const each = (...counts: readonly number[]) => counts.map(count => reading('race effects', count));
  it.each([
    ['each lane its record', [201, 201], each(1, 1), 'pass +race-power'],
    ['none for the refused one', [201, 409], each(1, 0), 'pass +one-at-a-time +race-power'],
    ['a lane without its record', [201, 201, 201], each(1, 1, 0), 'fail effects-lost'],
    ['a record that two share: it carries the marker of the last', [201, 201], each(0, 1), 'fail effects-lost'],
    ['a record of the refused one, not of the other', [201, 409], each(0, 1), 'fail effects-added'],
    ['a lane with two records', [201, 201, 201], each(1, 2, 1), 'fail effects-added'],
    ['a second look', [201, 201], [...each(1, 0), ...each(1, 1)], 'pass +race-power'],
  ] as const)('by lanes: %s', (_, statuses, readings, expected) => {
    const controls = statuses.map(() => reading('alone effects', 1));
    const seen = evidence([...race(0, statuses), ...alone(statuses.map(() => 201))], [...readings, ...controls]);
    expect(outcome(scenarioOf(check, onCreate).judge(seen))).toBe(expected);
  });

  it.each([
    ['of the server', 'server', 'pass +identity-oracle +race-power'],
    ['of the client', 'client', 'inconclusive oracle-blind'],
  ] as const)('counts ids that are %s', (_, chosenBy, expected) => {
    const { id } = resource();
    const within: Resource = resource({
      id: { ...id, chosenBy, from: chosenBy === 'client' ? ({ uuid }) => uuid : null },
    });
    const seen = evidence(race(0, [201, 201]), [reading('race effects', 2, { kind: 'identity' })], {
      preflight: { oracle: 'identity' },
    });
    expect(outcome(scenarioOf(check, subject(within.create, within)).judge(seen))).toBe(expected);
  });

  it.each([
    ['that adds up', {}, 'pass +race-power'],
    ['that loses updates', { loses: true }, 'fail effects-lost'],
    ['with a limit', { caps: 3 }, 'inconclusive control-failed'],
    ['that permits three', { permits: 3 }, 'pass +race-power'],
    ['that permits three, unless more come at once', { permits: 3, races: true }, 'fail more-than-permitted?'],
  ] as const)('on an account %s', (_, options, expected) => {
    const scenario = scenarioOf(check, onDeposit);
    const { evidence: seen } = drive(scenario, createBank(options));
    const counted = { ...seen, baseline: { ...seen.preflight, oracle: 'number' as const } };
    expect(outcome(scenario.judge(counted))).toBe(expected);
  });

  it('sends the same deposit under keys of their own, and a record of its own for every lane of a create', () => {
    const ofDeposit = roundsOf(drive(scenarioOf(check, onDeposit), createBank()).evidence, 'race');
    expect(ofDeposit.map(round => new Set(round.map(({ request }) => request.url)).size)).toEqual([1, 1, 1]);
    const { verdict, evidence: seen } = drive(scenarioOf(check, onCreate), createShop());
    expect(outcome(verdict)).toBe('pass +race-power');
    for (const round of [...ofDeposit, ...roundsOf(seen, 'race')]) {
      expect(new Set(round.map(({ request }) => JSON.stringify(request.headers))).size).toBe(round.length);
    }
    const bodies = roundsOf(seen, 'race').map(round => new Set(round.map(({ request }) => request.body)).size);
    expect(bodies).toEqual([2, 4, 4]);
  });

  it.each([
    ['an update', resource().update, resource()],
    [
      'an action with no number, and nothing to read',
      deposit,
      resource({ read: null, actions: [{ name: 'deposit', operation: deposit, effect: null }] }),
    ],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
