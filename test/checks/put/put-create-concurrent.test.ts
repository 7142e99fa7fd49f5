import { describe, expect, it } from 'vitest';
import { putCreateConcurrent as check } from '../../../src/checks/put/put-create-concurrent.js';
import { roundsOf } from '../../../src/core/evidence.js';
import { isSkip } from '../../../src/core/check.js';
import { header, type Exchange, type Request } from '../../../src/core/http.js';
import type { Documented, Payload } from '../../../src/core/operation.js';
import type { Reading } from '../../../src/core/reading.js';
import type { Resource } from '../../../src/core/resource.js';
import { drive, type Reply, type Server } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const put = operation('PUT', '/labels/{id}', 'create');
const ownId: Resource['id'] = { ...resource().id, chosenBy: 'client', from: ({ uuid }) => uuid };
const label = resource({ create: put, replace: null, id: ownId });
const on = subject(put, label);

const body = (amount: number, reference = amount) => ({ amount, reference: `m${reference}` });
const control = (status = 201) =>
  ([1, 2] as const).flatMap(at => [
    answered(`control ${at}`, status, { method: 'PUT', requestBody: JSON.stringify(body(at)) }),
    answered(`control state ${at}`, 200, { body: body(at) }),
  ]);

/** A round at once (or one after the other), and the state after it. */
function round(at: number, statuses: readonly (number | null)[], state: object, apart = 0): Exchange[] {
  return [
    ...statuses.map((status, lane) => {
      const shape = {
        method: 'PUT' as const,
        round: at,
        lane,
        sync: 'barrier' as const,
        from: lane * apart,
        to: lane * apart + 500,
        requestBody: JSON.stringify(body(10 + lane)),
      };
      return status === null ? lost('race', 'reset', shape) : answered('race', status, shape);
    }),
    answered('state', 200, { round: at, body: state }),
    answered('state again', 200, { round: at, body: state }),
  ];
}
const records = (count: number | null, at = 0, overrides: Partial<Reading> = {}) =>
  reading('records', count, { round: at, ...overrides });

type Row = readonly [name: string, exchanges: readonly Exchange[], readings: readonly Reading[], expected: string];

const table: readonly Row[] = [
  [
    'one creates, the other replaces',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(1)],
    'pass +race-power',
  ],
  ['the first one stays', [...control(), ...round(0, [201, 204], body(10))], [records(1)], 'pass +race-power'],
  ['losers refused', [...control(), ...round(0, [201, 409, 412], body(10))], [records(1)], 'pass +race-power'],
  [
    'a loser with 400',
    [...control(), ...round(0, [201, 400], body(10))],
    [records(1)],
    'pass +status-outside +race-power',
  ],
  [
    'each marker its count',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(0), records(1)],
    'pass +race-power',
  ],
  ['not counted', [...control(), ...round(0, [201, 200], body(11))], [], 'pass +records-uncounted +race-power'],
  [
    'not seen by the list',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(0)],
    'pass +records-uncounted +race-power',
  ],
  ['two records', [...control(), ...round(0, [201, 200], body(11))], [records(2)], 'fail record-added'],
  [
    'two records by their markers',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(1), records(1)],
    'fail record-added',
  ],
  [
    'one record that a list without a filter shows to each marker',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(1, 0, { ids: ['x'] }), records(1, 0, { ids: ['x'] })],
    'pass +race-power',
  ],
  [
    'two records that a list without a filter shows to each marker',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(2, 0, { ids: ['x', 'y'] }), records(1, 0, { ids: ['x'] })],
    'fail record-added',
  ],
  [
    'two records under one id',
    [...control(), ...round(0, [201, 200], body(11))],
    [records(2, 0, { ids: ['x', 'x'] }), records(1, 0, { ids: ['x'] })],
    'fail record-added',
  ],
  [
    'two records without overlap',
    [...control(), ...round(0, [201, 200], body(11), 900)],
    [records(2)],
    'fail record-added',
  ],
  [
    'two records in a later round',
    [...control(), ...round(0, [201, 200], body(11)), ...round(1, [201, 200], body(11))],
    [records(1), records(2, 1)],
    'fail record-added',
  ],
  ['a mixture', [...control(), ...round(0, [201, 200], body(10, 11))], [records(1)], 'fail mixed'],
  ['two created', [...control(), ...round(0, [201, 201], body(11))], [records(1)], 'warn several-created'],
  ['one crash', [...control(), ...round(0, [201, 500], body(10))], [records(1)], 'fail crashed?'],
  [
    'two crashes',
    [...control(), ...round(0, [201, 500], body(10)), ...round(1, [500, 201], body(11))],
    [records(1), records(1, 1)],
    'fail crashed',
  ],
  ['a value nobody sent', [...control(), ...round(0, [201, 200], body(99))], [records(1)], 'inconclusive unsteady'],
  ['for later', [...control(), ...round(0, [202, 202], body(99))], [], 'inconclusive still-pending'],
  ['no overlap', [...control(), ...round(0, [201, 200], body(11), 900)], [records(1)], 'inconclusive no-overlap'],
  ['a 503', [...control(), ...round(0, [201, 503], body(10))], [records(1)], 'inconclusive unavailable'],
  ['a lost answer', [...control(), ...round(0, [201, null], body(10))], [records(1)], 'inconclusive lost-answers'],
  ['everything refused', [...control(), ...round(0, [409, 409], {})], [], 'inconclusive no-effect'],
  ['PUT does not create', control(404), [], 'inconclusive control-failed'],
  ['nothing sent', [], [], 'inconclusive lost-answers'],
];

/** Labels in memory; of PUTs that come at one moment the later ones may be let go wrong. */
function createLabels(
  bend: (request: Request, labels: object[], usual: () => Reply) => Reply | null = () => null,
): Server {
  const labels: Record<string, unknown>[] = [];
  let moment = -1;
  return {
    handle(request, nowUs) {
      const id = request.path.split('/').at(-1);
      const found = labels.find(one => one['id'] === id);
      if (request.method === 'GET') return found === undefined ? { status: 404 } : { status: 200, body: found };
      const usual = (): Reply => {
        if (found === undefined) labels.push({ id, ...JSON.parse(request.body ?? '{}') });
        else Object.assign(found, JSON.parse(request.body ?? '{}'));
        return { status: found === undefined ? 201 : 200, body: { id } };
      };
      const isMet = nowUs === moment && found !== undefined;
      moment = nowUs;
      return (isMet ? bend(request, labels, usual) : null) ?? usual();
    },
    count: ({ scope }) => labels.filter(one => one['reference'] === scope.marker).length,
  };
}

describe('put-create-concurrent', () => {
  it.each(table)('%s', (_, exchanges, readings, expected) => {
    expect(outcome(scenarioOf(check, on).judge(evidence(exchanges, readings)))).toBe(expected);
  });

  it.each([
    ['that is correct', createLabels(), 'pass +race-power'],
    ['that crashes', createLabels(() => ({ status: 500 })), 'fail crashed'],
    [
      'that makes two',
      createLabels((request, labels) => {
        labels.push({ id: 'other', ...JSON.parse(request.body ?? '{}') });
        return { status: 200 };
      }),
      'fail record-added',
    ],
  ] as const)('on a server %s', (_, server, expected) => {
    expect(outcome(drive(scenarioOf(check, on), server).verdict)).toBe(expected);
  });

  it('goes to one new address in each round, with a body of its own in every lane', () => {
    const played = roundsOf(drive(scenarioOf(check, on), createLabels()).evidence, 'race');
    expect(played.map(race => new Set(race.map(({ request }) => request.url)).size)).toEqual([1, 1, 1]);
    expect(new Set(played.flat().map(({ request }) => request.url)).size).toBe(3);
    expect(played.map(race => new Set(race.map(({ request }) => request.body)).size)).toEqual([2, 4, 4]);
    expect(played.flat().every(({ request }) => header(request, 'if-none-match') === null)).toBe(true);
  });

  const documented: Documented = { statuses: ['200', '201'], requestHeaders: [], responseHeaders: [] };
  const replacing = operation('PUT', '/orders/{id}', 'replace', { documented });
  it('finds new ids like those of the server, where the document says that PUT creates', () => {
    const server = createLabels();
    const posting: Server = {
      ...server,
      handle: (request, nowUs) =>
        request.method === 'POST' ? { status: 201, body: { id: '7' } } : server.handle(request, nowUs),
    };
    const { verdict, evidence: seen } = drive(scenarioOf(check, subject(replacing)), posting);
    expect(outcome(verdict)).toBe('pass +race-power');
    const urls = roundsOf(seen, 'race').map(([first]) => first?.request.url);
    expect(new Set(urls).size).toBe(3);
    for (const url of urls) expect(url).toMatch(/^\/orders\/\d+$/);
  });

  const one = new Set<Payload>(['body']);
  it.each([
    ['a POST', resource().create, resource()],
    ['nothing says that PUT creates', resource().replace, resource()],
    ['a replace beside a create by PUT', operation('PUT', '/labels/{id}', 'replace', { documented }), label],
    ['an id of the server', put, resource({ create: put })],
    ['no read', put, { ...label, read: null }],
    ['one body', operation('PUT', '/labels/{id}', 'create', { marked: false, payloads: one }), label],
  ])('does not apply: %s', (_, of, within) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(true);
  });
});
