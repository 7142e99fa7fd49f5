import { describe, expect, it } from 'vitest';
import { deleteConcurrent as check } from '../../../src/checks/delete/delete-concurrent.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange, HeaderLine } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().remove);
const alone = answered('alone', 204);
const state = { id: '1', status: 'open' };

/** A round: a read, the DELETEs at once (or apart), and the reads after them. */
function round(
  at: number,
  statuses: readonly (number | null)[],
  after: readonly (readonly [status: number, body?: object, headers?: readonly HeaderLine[]])[] = [[404]],
  gap = 0,
): Exchange[] {
  return [
    answered('before', 200, { round: at, body: state }),
    ...statuses.map((status, lane) => {
      const shape = { round: at, lane, sync: 'barrier' as const, from: lane * gap, to: lane * gap + 500 };
      return status === null ? lost('race', 'reset', shape) : answered('race', status, shape);
    }),
    ...after.map(([status, body = {}, headers = []]) => answered('after', status, { round: at, body, headers })),
  ];
}

const there = [200, state] as const;
const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['one deletes', [alone, ...round(0, [204, 404, 404])], 'pass +race-power'],
  ['all delete', [alone, ...round(0, [204, 204])], 'pass +race-power'],
  ['conflicts', [alone, ...round(0, [204, 409, 423, 412])], 'pass +race-power'],
  ['an odd refusal', [alone, ...round(0, [204, 400])], 'pass +status-outside +race-power'],
  ['one crash', [alone, ...round(0, [204, 500])], 'fail crashed?'],
  ['two crashes in one round', [alone, ...round(0, [204, 500, 500])], 'fail crashed?'],
  ['crashes in two rounds', [alone, ...round(0, [204, 500]), ...round(1, [204, 500])], 'fail crashed'],
  [
    'a crash of a second one alone, too',
    [alone, ...round(0, [204, 500]), ...round(1, [204, 500]), answered('alone again', 500)],
    'inconclusive control-failed',
  ],
  [
    'a crash, and none alone',
    [alone, ...round(0, [204, 500]), ...round(1, [204, 500]), answered('alone again', 404)],
    'fail crashed',
  ],
  ['still there', [alone, ...round(0, [204, 204], [there, there])], 'fail still-there'],
  ['still there, not overlapping', [alone, ...round(0, [204, 204], [there, there], 1000)], 'fail still-there'],
  ['still there in one read', [alone, ...round(0, [204, 204], [there, [404]])], 'pass +race-power'],
  ['still there in the only read', [alone, ...round(0, [204, 204], [there])], 'inconclusive control-failed'],
  ['still there, accepted for later', [alone, ...round(0, [202, 202], [there, there])], 'inconclusive control-failed'],
  ['still there, nothing deleted', [alone, ...round(0, [409, 409], [there, there])], 'inconclusive no-effect'],
  [
    'from a cache',
    [
      alone,
      ...round(
        0,
        [204, 404],
        [
          [...there, [['Age', '9']]],
          [...there, [['Age', '9']]],
        ],
      ),
    ],
    'inconclusive cached',
  ],
  [
    'marked as deleted',
    [
      alone,
      ...round(
        0,
        [204, 404],
        [
          [200, { ...state, status: 'deleted' }],
          [200, { ...state, status: 'deleted' }],
        ],
      ),
    ],
    'pass +soft-deleted +race-power',
  ],
  ['still there and a crash', [alone, ...round(0, [204, 500], [there, there])], 'fail still-there crashed?'],
  ['no overlap', [alone, ...round(0, [204, 404], [[404]], 1000)], 'inconclusive no-overlap'],
  ['a 429', [alone, ...round(0, [204, 429])], 'inconclusive rate-limited'],
  ['a lost answer', [alone, ...round(0, [204, null])], 'inconclusive lost-answers'],
  ['a lost answer in one round', [alone, ...round(0, [204, null]), ...round(1, [204, 404])], 'pass +race-power'],
  ['a read that crashes', [alone, ...round(0, [204, 404], [[500]])], 'inconclusive control-failed'],
  ['not read', [alone, ...round(0, [204, 404], [])], 'inconclusive lost-answers'],
  ['alone it is refused', [answered('alone', 403), ...round(0, [204, 404])], 'inconclusive first-refused'],
  ['alone it crashes', [answered('alone', 500)], 'inconclusive first-refused'],
  ['no round', [alone], 'inconclusive no-overlap'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('delete-concurrent', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it.each([
    ['one round moved a parent twice', [2, 1], 'fail effect-repeated?'],
    ['two rounds did', [2, 3], 'fail effect-repeated'],
    ['each moved it once', [1, 1], 'pass +race-power'],
    ['none moved it', [0, 0], 'pass +race-power'],
    ['it moved in another way', [null, null], 'pass +race-power'],
  ] as const)('on a parent: %s', (_, counts, expected) => {
    const exchanges = [alone, ...round(0, [204, 404]), ...round(1, [204, 404])];
    const readings = counts.map((count, at) => reading('settled', count, { round: at, kind: 'view' }));
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it('says in how many rounds', () => {
    const exchanges = [alone, ...round(0, [204, 404]), ...round(1, [204, 204, 404], [there, there])];
    expect(scenarioOf(check, on).judge(evidence(exchanges))).toMatchObject({
      findings: [{ args: { deleted: 2, width: 3, hits: 1, rounds: 2 } }],
    });
  });

  const undone: NonNullable<DepotOptions['bend']> = (request, usual, orders) =>
    request.method === 'DELETE' && orders.size > 0 && [...orders.keys()].at(-1) !== 'a1' ? { status: 204 } : usual();
  it.each([
    ['that is correct', {}, 'pass +race-power'],
    ['that wants a version', { missing: 428 }, 'pass +race-power'],
    ['that deletes nothing', { bend: undone }, 'fail still-there'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('deletes a fresh resource in each round, and sends the same to all lanes', () => {
    const { evidence: seen } = drive(scenarioOf(check, on), createDepot());
    const played = roundsOf(seen, 'race');
    expect(played.map(({ length }) => length)).toEqual([2, 4, 4]);
    expect(played.map(race => new Set(race.map(({ request }) => request.url)).size)).toEqual([1, 1, 1]);
    expect(new Set(played.map(([lane]) => lane?.request.url)).size).toBe(3);
  });

  it.each([
    ['an update', resource().update, resource()],
    ['no create', resource().remove, resource({ create: null })],
    ['no read', resource().remove, resource({ read: null })],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
