import { describe, expect, it } from 'vitest';
import { patchConcurrentDisjoint as check } from '../../../src/checks/patch/patch-concurrent-disjoint.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import type { Operation } from '../../../src/core/operation.js';
import { createDepot, type DepotOptions, type Stored } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { keyless, operation, resource, scenarioOf, subject } from '../../support/subject.js';

/** PATCH whose variant has a field of its own; any bodies, where a test gives them. */
function patching(
  body: object = { status: 'shipped' },
  variant: object | null = { status: 'cancelled', note: 'checked' },
  overrides: Partial<Operation> = {},
): Operation {
  return operation('PATCH', '/orders/{id}', 'update', {
    payloads: new Set(variant === null ? ['body'] : ['body', 'changed']),
    build: (scope, payload = 'body') => ({
      method: 'PATCH',
      path: `/orders/${String(scope.values['id'])}`,
      headers: [['content-type', 'application/merge-patch+json']],
      body: JSON.stringify(payload === 'changed' ? variant : body),
    }),
    ...overrides,
  });
}

const { answered, lost } = createCanned();
const A = '{"status":"shipped"}';
const B = '{"note":"checked"}';
const was = { status: 'open', note: null };
const both = { status: 'shipped', note: 'checked' };
const onlyA = { status: 'shipped', note: null };
const onlyB = { status: 'open', note: 'checked' };
const tagged = (tag: string | null) => ({ headers: tag === null ? [] : ([['ETag', tag]] as const) });

/** Both orders, one after the other. */
const control = (states: readonly [object, object] = [both, both], before: object = was, second = 200) =>
  states.flatMap((state, round) => [
    answered('control before', 200, { round, body: before }),
    answered('control', 200, { round, requestBody: round === 0 ? A : B }),
    answered('control', second, { round, requestBody: round === 0 ? B : A }),
    answered('control state', 200, { round, body: state }),
  ]);

interface Played {
  readonly at?: number;
  readonly tag?: string | null;
  readonly apart?: boolean;
  readonly cached?: boolean;
}
function round(
  statuses: readonly [number | null, number | null],
  states: readonly (object | string)[],
  { at = 0, tag = '"1"', apart = false, cached = false }: Played = {},
): Exchange[] {
  const lanes = statuses.map((status, lane) => {
    const from = apart ? lane * 1000 : 0;
    const requestBody = lane === 0 ? A : B;
    const shape = { round: at, lane, sync: 'barrier' as const, from, to: from + 500, requestBody };
    return status === null ? lost('race', 'reset', shape) : answered('race', status, shape);
  });
  return [
    answered('before', 200, { round: at, body: was, ...tagged(tag) }),
    ...lanes,
    ...states.map(body => answered('state', 200, { round: at, body, ...(cached ? { headers: [['Age', '9']] } : {}) })),
  ];
}

const table: readonly (readonly [name: string, Exchange[], expected: string])[] = [
  ['both there', [...control(), ...round([200, 200], [both])], 'pass +race-power'],
  ['both there at the second look', [...control(), ...round([200, 200], [onlyA, both])], 'pass +race-power'],
  ['one refused, the other there', [...control(), ...round([200, 412], [onlyA])], 'pass +race-power'],
  ['one refused with 422', [...control(), ...round([422, 200], [onlyB])], 'pass +status-outside +race-power'],
  ['one lost', [...control(), ...round([200, 200], [onlyB, onlyB])], 'fail patch-lost'],
  [
    'one lost, without an overlap',
    [...control(), ...round([200, 200], [onlyB, onlyB], { apart: true })],
    'fail patch-lost',
  ],
  [
    'one lost, under a weak tag',
    [...control(), ...round([200, 200], [onlyB, onlyB], { tag: 'W/"1"' })],
    'warn patch-lost',
  ],
  [
    'one lost, without a version',
    [...control(), ...round([200, 204], [onlyA, onlyA], { tag: null })],
    'warn patch-lost',
  ],
  ['the only accepted one lost', [...control(), ...round([200, 409], [was, was])], 'fail patch-lost'],
  [
    'one lost in a later round',
    [...control(), ...round([200, 200], [both]), ...round([200, 200], [onlyB, onlyB], { at: 1 })],
    'fail patch-lost',
  ],
  ['one accepted for later', [...control(), ...round([200, 202], [onlyA, onlyA])], 'pass +race-power'],
  [
    'one lost, by a cache',
    [...control(), ...round([200, 200], [onlyB, onlyB], { cached: true })],
    'inconclusive cached',
  ],
  ['one lost in one look', [...control(), ...round([200, 200], [onlyB])], 'inconclusive unsteady'],
  ['a text for a state', [...control(), ...round([200, 200], ['hm', 'hm'])], 'inconclusive unsteady'],
  ['both refused', [...control(), ...round([412, 412], [was])], 'inconclusive control-failed'],
  ['no overlap', [...control(), ...round([200, 200], [both], { apart: true })], 'inconclusive no-overlap'],
  ['one crash', [...control(), ...round([200, 500], [onlyA])], 'fail crashed?'],
  [
    'two crashes',
    [...control(), ...round([200, 500], [onlyA]), ...round([500, 200], [onlyB], { at: 1 })],
    'fail crashed',
  ],
  ['a 429', [...control(), ...round([200, 429], [onlyA])], 'inconclusive rate-limited'],
  ['a lost answer', [...control(), ...round([200, null], [onlyA])], 'inconclusive lost-answers'],
  ['no state', [...control(), ...round([200, 200], [])], 'inconclusive lost-answers'],
  ['no round', control(), 'inconclusive no-overlap'],
  [
    'the second takes back the first',
    [...control([onlyB, onlyA]), ...round([200, 200], [onlyB, onlyB])],
    'inconclusive control-failed',
  ],
  [
    'it does in one order only',
    [...control([both, onlyA]), ...round([200, 200], [onlyA, onlyA])],
    'inconclusive control-failed',
  ],
  ['it was so before', [...control([both, both], onlyA), ...round([200, 200], [both])], 'inconclusive control-failed'],
  ['the second is refused', control([both, both], was, 422), 'inconclusive first-refused'],
  ['the second is voided', control([both, both], was, 503), 'inconclusive unavailable'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const within = resource({ update: patching() });
const on = subject(within.update, within);

describe('patch-concurrent-disjoint', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges)))).toBe(expected);
  });

  it('fails without a version where the document speaks of If-Match', () => {
    const documented = { statuses: ['200', '412'], requestHeaders: ['if-match'], responseHeaders: [] };
    const update = patching(undefined, undefined, { documented });
    const exchanges = [...control(), ...round([200, 200], [onlyB, onlyB], { tag: null })];
    expect(outcome(scenarioOf(check, subject(update)).judge(evidence(exchanges)))).toBe('fail patch-lost');
  });

  it('says what was lost, and in how many rounds', () => {
    const exchanges = [...control(), ...round([200, 200], [both]), ...round([200, 200], [onlyB, onlyB], { at: 1 })];
    expect(scenarioOf(check, on).judge(evidence(exchanges))).toMatchObject({
      findings: [{ args: { accepted: 2, path: '$.status', hits: 1, rounds: 2 } }],
    });
  });

  /** Writes back what it read at the moment, so that of two patches at one moment the later one wins. */
  const racy = (status = 200): NonNullable<DepotOptions['bend']> => {
    let [moment, read] = [-1, null as Stored | null];
    return (request, usual, orders, nowUs) => {
      const order = [...orders.values()].at(-1);
      if (request.method !== 'PATCH' || order === undefined) return usual();
      const isFirst = nowUs !== moment;
      [moment, read] = [nowUs, isFirst ? order : read];
      if (isFirst) return usual();
      if (status === 200)
        orders.set(order.id, { ...order, fields: { ...read?.fields, ...JSON.parse(request.body ?? '{}') } });
      return { status, body: {} };
    };
  };
  it.each([
    ['that is correct', {}, 'pass +race-power'],
    ['that wants a version', { missing: 428 }, 'pass +race-power'],
    ['that writes the whole record', { bend: racy() }, 'fail patch-lost'],
    ['that writes the whole record, with weak tags', { tag: 'weak', bend: racy() }, 'warn patch-lost'],
    ['that writes the whole record, without tags', { tag: 'none', bend: racy() }, 'warn patch-lost'],
    ['that refuses the second', { bend: racy(409) }, 'pass +race-power'],
    ['that crashes', { bend: racy(500) }, 'fail crashed'],
  ] as const)('on a server %s', (_, options, expected) => {
    expect(outcome(drive(scenarioOf(check, on), createDepot(options)).verdict)).toBe(expected);
  });

  it('sends what only one of the payloads has, two at once, with keys of their own where it takes one', () => {
    const { evidence: seen } = drive(scenarioOf(check, on), createDepot());
    const [first = []] = roundsOf(seen, 'race');
    expect(first.map(({ request }) => request.body)).toEqual([A, B]);
    const keys = first.flatMap(({ request }) => request.headers.filter(([name]) => name === 'Idempotency-Key'));
    expect(new Set(keys.map(([, value]) => value)).size).toBe(2);
    expect(first.some(({ request }) => request.headers.some(([name]) => name === 'If-Match'))).toBe(false);
  });

  it('takes the other way round where the body has the field of its own', () => {
    const update = patching({ status: 'shipped', note: 'n' }, { status: 'cancelled' }, { contract: keyless });
    const { evidence: seen } = drive(scenarioOf(check, subject(update)), createDepot());
    expect(roundsOf(seen, 'race')[0]?.map(({ request }) => request.body)).toEqual([
      '{"note":"n"}',
      '{"status":"cancelled"}',
    ]);
  });

  const jsonPatch = patching(undefined, undefined, {
    build: () => ({
      method: 'PATCH',
      path: '/x',
      headers: [['Content-Type', 'application/json-patch+json']],
      body: '[]',
    }),
  });
  const unbuilt = patching(undefined, undefined, {
    build: () => {
      throw new RangeError('no value');
    },
  });
  it.each([
    ['a PUT', resource().replace, resource()],
    ['no read', patching(), resource({ read: null })],
    ['no create', patching(), resource({ create: null })],
    ['one payload', patching({ status: 'shipped', note: 'n' }, null), resource()],
    ['the same fields', patching({ status: 'shipped' }, { status: 'cancelled' }), resource()],
    [
      'a field that is only taken away',
      patching({ status: 'shipped' }, { status: 'cancelled', note: null }),
      resource(),
    ],
    ['a JSON Patch', jsonPatch, resource()],
    ['a request that cannot be built yet', unbuilt, resource()],
  ])('does not apply: %s', (_, of, inside) => {
    expect(isSkip(check.plan(subject(of, inside), null))).toBe(true);
  });

  it('takes two fields that the variant changes, where both bodies have the same fields', () => {
    const played = check.plan(subject(patching({ a: 1, b: 1, c: 1 }, { a: 2, b: 1, c: 2 }), resource()), null);
    expect(isSkip(played)).toBe(false);
  });
});
