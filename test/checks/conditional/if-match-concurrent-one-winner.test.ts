import { describe, expect, it } from 'vitest';
import { ifMatchConcurrentOneWinner as check } from '../../../src/checks/conditional/if-match-concurrent-one-winner.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const on = subject(resource().replace);
const control = (tag = '"1"', [current, stale]: readonly [number, number] = [200, 412]) => [
  answered('start', 200, { headers: [['ETag', tag]] }),
  answered('current', current),
  answered('stale', stale),
];

interface Lane {
  readonly status: number | null;
  readonly amount: number;
  readonly from?: number;
}
const lanes = (...given: readonly (readonly [status: number | null, amount: number])[]): Lane[] =>
  given.map(([status, amount]) => ({ status, amount }));

/** A round: the state before, the lanes at once (unless they say otherwise), the state after. */
function round(
  at: number,
  given: readonly Lane[],
  state: object | string = { amount: -1 },
  before: object | string = { amount: 0 },
) {
  return [
    answered('fresh', 200, { round: at, body: before, headers: [['ETag', '"1"']] }),
    ...given.map(({ status, amount, from = 0 }, lane) => {
      const shape = {
        round: at,
        lane,
        sync: 'barrier' as const,
        from,
        to: from + 500,
        requestBody: JSON.stringify({ amount, type: 'x' }),
      };
      return status === null ? lost('race', 'reset', shape) : answered('race', status, shape);
    }),
    answered('state', 200, { round: at, body: state }),
  ];
}

const one = lanes([200, 1], [412, 2], [412, 3]);
const apart = [
  { status: 200, amount: 1, from: 0 },
  { status: 412, amount: 2, from: 1000 },
];

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['one winner', [...control(), ...round(0, one, { amount: 1 })], 'pass +race-power'],
  ['one winner, the state not to be matched', [...control(), ...round(0, one, { amount: 9 })], 'pass +race-power'],
  ['two winners', [...control(), ...round(0, lanes([200, 1], [200, 2]))], 'fail several-winners'],
  [
    'two winners, one after the other',
    [
      ...control(),
      ...round(
        0,
        apart.map(lane => ({ ...lane, status: 200 })),
      ),
    ],
    'fail several-winners',
  ],
  [
    'two winners under a weak tag',
    [...control('W/"1"'), ...round(0, lanes([200, 1], [200, 2]))],
    'warn several-winners',
  ],
  [
    'two winners in a later round',
    [...control(), ...round(0, one), ...round(1, lanes([200, 1], [204, 2]))],
    'fail several-winners',
  ],
  [
    'two winners with one body',
    [...control(), ...round(0, lanes([200, 1], [200, 1], [412, 2]), { amount: 1 })],
    'pass +race-power',
  ],
  ['two accepted for later', [...control(), ...round(0, lanes([202, 1], [202, 2]))], 'inconclusive no-overlap'],
  ['a loser in the state', [...control(), ...round(0, one, { amount: 2 })], 'fail winner-overwritten'],
  ['a loser that was there before', [...control(), ...round(0, one, { amount: 2 }, { amount: 2 })], 'pass +race-power'],
  [
    'a lost one in the state',
    [...control(), ...round(0, lanes([200, 1], [null, 2]), { amount: 2 })],
    'inconclusive lost-answers',
  ],
  ['a loser in the text', [...control(), ...round(0, one, '{"amount":2,"type":"x"}')], 'fail winner-overwritten'],
  ['one crash', [...control(), ...round(0, lanes([200, 1], [500, 2]))], 'fail crashed?'],
  [
    'two crashes',
    [...control(), ...round(0, lanes([200, 1], [500, 2])), ...round(1, lanes([200, 1], [500, 2]))],
    'fail crashed',
  ],
  ['nobody wins', [...control(), ...round(0, lanes([412, 1], [409, 2]))], 'warn no-winner'],
  [
    'others refuse in another way',
    [...control(), ...round(0, lanes([200, 1], [423, 2]))],
    'pass +status-outside +race-power',
  ],
  ['no overlap', [...control(), ...round(0, apart)], 'inconclusive no-overlap'],
  ['a 429', [...control(), ...round(0, lanes([200, 1], [429, 2]))], 'inconclusive rate-limited'],
  ['a 503', [...control(), ...round(0, lanes([200, 1], [503, 2]))], 'inconclusive unavailable'],
  ['a lost answer', [...control(), ...round(0, lanes([200, 1], [null, 2]))], 'inconclusive lost-answers'],
  ['no round', control(), 'inconclusive no-overlap'],
  ['the current version is refused', control('"1"', [412, 412]), 'inconclusive control-failed'],
  ['the outdated one is accepted', control('"1"', [200, 200]), 'inconclusive control-failed'],
  [
    'two winners, but the control fails',
    [...control('"1"', [200, 200]), ...round(0, lanes([200, 1], [200, 2]))],
    'inconclusive control-failed',
  ],
  ['the control is voided', control('"1"', [200, 503]), 'inconclusive unavailable'],
  ['the control is lost', control().slice(0, 2), 'inconclusive lost-answers'],
  ['no version', [answered('start', 200)], 'inconclusive no-version'],
  ['a start that is refused', [answered('start', 404)], 'inconclusive first-refused'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

describe('if-match-concurrent-one-winner', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it('says in how many rounds, and how wide', () => {
    const exchanges = [...control(), ...round(0, one), ...round(1, lanes([200, 1], [200, 2], [412, 3]))];
    expect(scenarioOf(check, on).judge(evidence(exchanges))).toMatchObject({
      findings: [{ args: { winners: 2, width: 3, hits: 1, rounds: 2 } }],
    });
  });

  const marked: NonNullable<DepotOptions['bend']> = (request, usual, orders) => {
    const [order] = orders.values();
    const reference =
      request.body === null ? undefined : (JSON.parse(request.body) as { reference?: string }).reference;
    const isOther = request.method === 'PUT' && reference !== order?.fields['reference'];
    return isOther ? { status: 422 } : usual();
  };
  /** Compares first and writes afterwards: requests that come at one moment all see the version from before. */
  const racy = (): NonNullable<DepotOptions['bend']> => {
    let moment = -1;
    return (request, usual, orders, nowUs) => {
      const [order] = [...orders.values()];
      if (request.method !== 'PUT' || order === undefined) return usual();
      const isFirst = nowUs !== moment;
      moment = nowUs;
      const reply = usual();
      if (isFirst || reply.status !== 412) return reply;
      orders.set(order.id, { ...order, fields: JSON.parse(request.body ?? '{}') });
      return { status: 200, body: {} };
    };
  };

  it.each([
    ['that is correct', {}, 'pass +race-power'],
    ['that wants a version', { missing: 428 }, 'pass +race-power'],
    ['with weak tags that never match', { tag: 'weak', ifMatch: 'never' }, 'inconclusive control-failed'],
    ['that ignores If-Match', { ifMatch: 'ignored' }, 'inconclusive control-failed'],
    ['with times', { tag: 'modified' }, 'pass +race-power'],
    ['that keeps its reference', { bend: marked }, 'pass +race-power'],
    ['that compares first', { bend: racy() }, 'fail several-winners'],
    ['with tags that are weak at first', { tag: 'late' }, 'pass +race-power'],
    ['that compares first, with such tags', { tag: 'late', bend: racy() }, 'fail several-winners'],
    ['without versions', { tag: 'none' }, 'inconclusive no-version'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('writes a body of its own in every lane, under one version a round', () => {
    const { evidence: seen } = drive(scenarioOf(check, on), createDepot());
    const played = roundsOf(seen, 'race');
    expect(played.map(({ length }) => length)).toEqual([2, 4, 4]);
    for (const race of played) {
      expect(new Set(race.map(({ request }) => request.body)).size).toBe(race.length);
      const tags = race.flatMap(({ request }) => request.headers.filter(([name]) => name === 'If-Match'));
      expect(new Set(tags.map(([, value]) => value)).size).toBe(1);
      expect(tags).toHaveLength(race.length);
    }
  });

  it('ends with the round in which two win', () => {
    const { evidence: seen } = drive(scenarioOf(check, on), createDepot({ bend: racy() }));
    expect(roundsOf(seen, 'race')).toHaveLength(1);
  });

  it.each([
    ['a DELETE', resource().remove, resource()],
    ['no read', resource().replace, resource({ read: null })],
    ['no create', resource().replace, resource({ create: null })],
    ['one body', operation('PUT', '/x', 'replace', { marked: false, payloads: new Set(['body']) }), resource()],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
