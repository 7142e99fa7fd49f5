import { describe, expect, it } from 'vitest';
import { naturalDuplicateConcurrent as check } from '../../../src/checks/duplicates/natural-duplicate-concurrent.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Reading } from '../../../src/core/reading.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { createShop } from '../../support/shop.js';
import { keyed, keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const unique = operation('POST', '/orders', 'create', { unique: ['$.reference'], contract: keyless });
const on = subject(unique);

/** A round whose requests were all in flight at once; every success shows the same record. */
const race = (round: number, statuses: readonly number[]): readonly Exchange[] =>
  statuses.map((status, lane) =>
    answered('race', status, { round, lane, sync: 'barrier', from: lane, to: 100, body: { id: '1' } }),
  );
/** A round whose requests came one after the other. */
const queue = (statuses: readonly number[]): readonly Exchange[] =>
  statuses.map((status, lane) =>
    answered('race', status, { lane, sync: 'barrier', from: lane * 100, to: lane * 100 + 50 }),
  );
const settled = (count: number | null, round = 0, overrides: Partial<Reading> = {}) =>
  reading('settled', count, { round, ...overrides });

type Row = readonly [name: string, exchanges: readonly Exchange[], readings: readonly Reading[], expected: string];

const table: readonly Row[] = [
  ['losers with 409', race(0, [201, 409, 409]), [settled(1)], 'pass +race-power'],
  ['losers with 422', race(0, [422, 201]), [settled(1)], 'pass +race-power'],
  ['losers get the record', race(0, [201, 200, 200]), [settled(1)], 'pass +race-power'],
  ['losers meet a lock', race(0, [201, 423]), [settled(1)], 'pass +race-power'],
  ['losers with 201', race(0, [201, 201]), [settled(1)], 'pass +status-outside +race-power'],
  ['losers with 403', race(0, [201, 403]), [settled(1)], 'pass +status-outside +race-power'],
  ['by ids alone', race(0, [201, 409]), [settled(1, 0, { kind: 'identity' })], 'pass +identity-oracle +race-power'],
  ['two records', race(0, [201, 201]), [settled(2)], 'fail duplicate-created'],
  ['two records without overlap', queue([201, 201]), [settled(2)], 'fail duplicate-created'],
  ['two records, one was told 409', race(0, [201, 409]), [settled(2)], 'fail duplicate-created'],
  ['two records beside a 500', race(0, [201, 201, 500]), [settled(2)], 'fail duplicate-created'],
  [
    'two records in the second round',
    [...race(0, [201, 409]), ...race(1, [201, 201])],
    [settled(1), settled(2, 1)],
    'fail duplicate-created',
  ],
  [
    'two records beside a lost answer',
    [...race(0, [201]), lost('race', 'timeout', { sync: 'barrier', lane: 1 })],
    [settled(2)],
    'fail duplicate-created',
  ],
  ['two ids of jobs', race(0, [202, 202]), [settled(2, 0, { kind: 'identity' })], 'inconclusive still-pending'],
  ['a 500 in one round', race(0, [201, 500]), [settled(1)], 'fail crashed?'],
  [
    'a 500 in two rounds',
    [...race(0, [201, 500]), ...race(1, [500, 201])],
    [settled(1), settled(1, 1)],
    'fail crashed',
  ],
  [
    'a 500 in two rounds, and one after the other',
    [...race(0, [201, 500]), ...race(1, [500, 201]), answered('alone', 201), answered('alone', 500, { round: 1 })],
    [settled(1), settled(1, 1)],
    'inconclusive control-failed',
  ],
  ['a 503', race(0, [201, 503]), [settled(1)], 'inconclusive unavailable'],
  ['a rate limiter', race(0, [201, 429]), [settled(1)], 'inconclusive rate-limited'],
  ['no overlap', queue([201, 409]), [settled(1)], 'inconclusive no-overlap'],
  ['a lost answer', [...race(0, [201]), lost('race', 'reset', { sync: 'barrier' })], [], 'inconclusive lost-answers'],
  ['everything refused', race(0, [409, 409]), [settled(0)], 'inconclusive no-effect'],
  ['nothing to count by', race(0, [201, 409]), [], 'inconclusive oracle-blind'],
  ['nothing sent', [], [], 'inconclusive no-overlap'],
];

describe('natural-duplicate-concurrent', () => {
  it('tries one after the other what crashed at once', () => {
    let made = 0;
    const server = {
      handle: () => ({ status: (made += 1) % 2 === 0 ? 500 : 201, body: { id: '1' } }),
      count: () => Math.min(made, 1),
    };
    const { verdict, exchanges } = drive(scenarioOf(check, on), server);
    expect(exchanges.filter(({ step }) => step === 'alone')).toHaveLength(2);
    expect(outcome(verdict)).toBe('inconclusive control-failed');
  });

  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('does not pass by an oracle that never counted to two', () => {
    const seen = evidence(race(0, [201, 409]), [settled(1)], { preflight: { countsToTwo: false } });
    expect(outcome(scenarioOf(check, on).judge(seen))).toBe('inconclusive oracle-uncontrolled');
  });

  it('names the fields, and in how many rounds', () => {
    const seen = evidence([...race(0, [201, 409]), ...race(1, [201, 201])], [settled(1), settled(2, 1)]);
    expect(scenarioOf(check, on).judge(seen)).toMatchObject({
      findings: [{ args: { fields: '$.reference', width: 2, count: 2, hits: 1, rounds: 2 }, exchanges: { length: 2 } }],
    });
  });

  it.each([
    ['that keeps it unique', { isUnique: true }, 'pass +race-power', [2, 4, 4]],
    ['that does not', {}, 'fail duplicate-created', [2]],
  ] as const)('on a shop %s', (_, options, expected, widths) => {
    const { verdict, evidence: seen } = drive(scenarioOf(check, on), createShop(options));
    expect(outcome(verdict)).toBe(expected);
    expect(roundsOf(seen, 'race').map(({ length }) => length)).toEqual(widths);
    expect(roundsOf(seen, 'race').map(round => new Set(round.map(({ request }) => request.body)).size)).toEqual(
      widths.map(() => 1),
    );
  });

  it.each([
    ['a required key', true, [2, 4, 4]],
    ['an optional key', false, [1, 1, 1]],
  ])('sends different keys under %s', (_, required, keys) => {
    const key = { in: 'header', name: 'Idempotency-Key', form: 'raw', required } as const;
    const under = operation('POST', '/orders', 'create', { unique: ['$.reference'], contract: { ...keyed, key } });
    const { evidence: seen } = drive(scenarioOf(check, subject(under)), createShop({ isUnique: true }));
    const different = roundsOf(seen, 'race').map(
      round => new Set(round.map(({ request }) => `${request.headers}`)).size,
    );
    expect(different).toEqual(keys);
  });

  it.each([
    ['nothing is said', operation('POST', '/orders', 'create')],
    ['nothing is unique', operation('POST', '/orders', 'create', { unique: [] })],
    ['a PUT', operation('PUT', '/orders/{id}', 'create', { unique: ['$.reference'] })],
    ['an update', resource().update],
  ])('does not apply: %s', (_, of) => {
    expect(isSkip(check.plan(subject(of), null))).toBe(true);
  });
});
