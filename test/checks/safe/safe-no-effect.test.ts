import { describe, expect, it } from 'vitest';
import { safeNoEffect as check } from '../../../src/checks/safe/safe-no-effect.js';
import { isSkip } from '../../../src/core/check.js';
import type { Exchange } from '../../../src/core/http.js';
import { createDepot, type DepotOptions } from '../../support/depot.js';
import { drive } from '../../support/drive.js';
import { evidence, reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { outcome } from '../../support/outcome.js';
import { member, operation, resource, scenarioOf, subject } from '../../support/subject.js';

const { answered, lost } = createCanned();
const made = answered('create', 201, { requestBody: '{"amount":1,"name":"n"}', body: { id: '7' } });
const gets = [3, 4].flatMap(round => [1, 2, 3].map(() => answered('GET', 200, { round })));
const looks = (step: string, documents: readonly (object | string)[]) =>
  documents.map((body, round) => answered(step, 200, { round, body, from: round * 1000, to: round * 1000 }));
/** Five looks at one field: before, after two quiet and two busy windows. */
const field = (name: string, values: readonly unknown[]) =>
  looks(
    'item',
    values.map(value => ({ id: '7', amount: 1, [name]: value })),
  );
/** Five looks at a list, by the ids in it. */
const listing = (...ids: readonly (readonly string[])[]) =>
  looks(
    'listing',
    ids.map(all => all.map(id => ({ id }))),
  );
const still = field('amount', [1, 1, 1, 1, 1]);
const same = listing(['7'], ['7'], ['7'], ['7'], ['7']);
const parent = (name: string, values: readonly unknown[]) =>
  looks(
    'parent',
    values.map(value => ({ id: 'p', [name]: value })),
  );
const collection = (...ids: readonly (readonly string[])[]) =>
  looks(
    'collection',
    ids.map(all => all.map(id => ({ id }))),
  );

type Row = readonly [name: string, exchanges: Exchange[], expected: string];
const table: readonly Row[] = [
  ['nothing changed', [made, ...gets, ...still, ...same], 'pass'],
  ['nothing changed, no list', [made, ...gets, ...still], 'pass +records-unwatched'],
  ['nothing changed, the list alone', [made, ...gets, ...same], 'pass'],
  [
    'the list alone, without the resource',
    [made, ...gets, ...listing(['8'], ['8'], ['8'], ['8'], ['8'])],
    'pass +fields-unwatched',
  ],
  ['a written field, twice', [made, ...gets, ...field('amount', [1, 1, 1, 2, 3])], 'fail field-changed'],
  ['a written field, once', [made, ...gets, ...field('amount', [1, 1, 1, 2, 2])], 'fail field-changed?'],
  ['a written field, by itself', [made, ...gets, ...field('amount', [1, 2, 3, 4, 5])], 'inconclusive unsteady'],
  ['a counter', [made, ...gets, ...field('views', [0, 0, 0, 3, 6])], 'warn counter-changed'],
  ['a counter, once', [made, ...gets, ...field('views', [0, 0, 0, 1, 1])], 'warn counter-changed?'],
  ['a number of the parent', [made, ...gets, ...still, ...parent('stock', [9, 9, 9, 6, 3])], 'fail elsewhere-changed'],
  [
    'one of the parent, once',
    [made, ...gets, ...still, ...parent('stock', [9, 9, 9, 9, 8])],
    'pass +records-unwatched',
  ],
  [
    'one of the parent, in one window',
    [made, ...gets, ...still, ...parent('stock', [9, 9, 9, 8, 8])],
    'fail elsewhere-changed?',
  ],
  [
    'one of the parent, by itself',
    [made, ...gets, ...still, ...parent('stock', [9, 8, 7, 6, 5])],
    'pass +records-unwatched',
  ],
  [
    'a count of reads on the parent',
    [made, ...gets, ...still, ...parent('viewCount', [0, 0, 0, 3, 6])],
    'pass +records-unwatched',
  ],
  ['a time', [made, ...gets, ...field('lastSeenAt', ['a', 'a', 'a', 'b', 'c'])], 'warn counter-changed'],
  [
    'a counter that moved in the quiet time at the end',
    [made, ...gets, ...field('views', [0, 0, 0, 3, 6, 7])],
    'pass +records-unwatched',
  ],
  ['a time, by itself', [made, ...gets, ...field('servedAt', ['a', 'b', 'c', 'd', 'e'])], 'pass +records-unwatched'],
  ['a list of the resource grows', [made, ...gets, ...field('log', [[], [], [], [1], [1, 2]])], 'warn counter-changed'],
  [
    'a record, twice',
    [made, ...gets, ...still, ...listing(['7'], ['7'], ['7'], ['7', '8'], ['7', '8', '9'])],
    'fail record-created',
  ],
  [
    'a record, once',
    [made, ...gets, ...still, ...listing(['7'], ['7'], ['7'], ['7', '8'], ['7', '8'])],
    'fail record-created?',
  ],
  [
    'records of others, all the time',
    [
      made,
      ...gets,
      ...still,
      ...listing(['7'], ['7', 'a'], ['7', 'a', 'b'], ['7', 'a', 'b', 'c'], ['7', 'a', 'b', 'c', 'd']),
    ],
    'pass +records-unwatched',
  ],
  [
    'records of others, in windows longer than those without reads',
    [
      made,
      ...gets,
      ...still,
      ...same,
      ...looks(
        'collection',
        [['7'], ['7'], ['7'], ['7', 'a'], ['7', 'a', 'b']].map(all => all.map(id => ({ id }))),
      ).map((look, at) => ({ ...look, endAtUs: [0, 300, 1400, 10_900, 20_400][at] ?? 0 })),
    ],
    'pass',
  ],
  [
    'a record without the marker, twice',
    [made, ...gets, ...still, ...same, ...collection(['7'], ['7'], ['7'], ['7', '8'], ['7', '8', '9'])],
    'fail record-created?',
  ],
  [
    'a record without the marker, once',
    [made, ...gets, ...still, ...same, ...collection(['7'], ['7'], ['7'], ['7', '8'], ['7', '8'])],
    'pass',
  ],
  ['nothing to look at', [made, ...gets], 'inconclusive oracle-blind'],
  ['a look that is missing', [made, ...gets, ...still.slice(0, 4)], 'inconclusive oracle-blind'],
  [
    'a look that is voided',
    [made, ...gets, ...still.slice(0, 4), answered('item', 503, { round: 4 })],
    'inconclusive unavailable',
  ],
  ['a read that is refused', [made, answered('GET', 403, { round: 3 })], 'inconclusive first-refused'],
  [
    'a read that is lost',
    [made, ...gets.slice(0, 5), lost('GET', 'reset', { round: 4 }), ...still],
    'inconclusive lost-answers',
  ],
  ['too few reads', [made, ...gets.slice(0, 3), ...still], 'inconclusive lost-answers'],
  ['nothing sent', [], 'inconclusive lost-answers'],
];

const filtered = resource();
const list = operation('GET', '/orders?reference={{marker}}', 'list');

describe('safe-no-effect', () => {
  it.each(table)('%s', (_, exchanges, expected) => {
    expect(outcome(scenarioOf(check, subject(list, filtered)).judge(evidence(exchanges)))).toBe(expected);
  });

  it('tells a counter from its own looks where the look is the read', () => {
    const judge = (values: readonly number[]) =>
      outcome(
        scenarioOf(check, subject(filtered.read)).judge(evidence([made, ...gets, ...field('views', values), ...same])),
      );
    expect(judge([1, 2, 3, 7, 11])).toBe('warn counter-changed');
    expect(judge([1, 2, 3, 4, 5])).toBe('pass');
  });

  it('leaves out what the user calls volatile', () => {
    const within = resource({ volatile: [member('views')] });
    const exchanges = [made, ...gets, ...field('views', [0, 0, 0, 3, 6])];
    expect(outcome(scenarioOf(check, subject(within.read, within)).judge(evidence(exchanges)))).toBe(
      'pass +records-unwatched',
    );
  });

  it('takes the count of a command', () => {
    const counted = (...counts: readonly number[]) =>
      counts.map((count, round) => reading('counted', count, { round, kind: 'command' }));
    const judge = (...counts: readonly number[]) =>
      outcome(scenarioOf(check, subject(filtered.read)).judge(evidence([made, ...gets, ...still], counted(...counts))));
    expect(judge(1, 1, 1, 2, 3)).toBe('fail record-created');
    expect(judge(1, 2, 3, 4, 5)).toBe('pass +records-unwatched');
  });

  const onRead = (effect: (order: { fields: Record<string, unknown> }, add: (id: string) => void) => void) =>
    ((request, usual, orders) => {
      const reply = usual();
      const order = orders.get(request.path.split('/').at(-1) ?? '');
      if (request.method === 'GET' && order !== undefined) {
        effect(order, id => orders.set(`${id}${orders.size}`, { ...order, id: `${id}${orders.size}` }));
      }
      return reply;
    }) satisfies NonNullable<DepotOptions['bend']>;
  const counting = onRead(({ fields }) => void (fields['views'] = Number(fields['views'] ?? 0) + 1));
  const charging = onRead(({ fields }) => void (fields['amount'] = Number(fields['amount']) + 0.01));
  const marking = onRead(({ fields }) => void (fields['reference'] = 'read'));
  const adding = onRead((_, add) => add('x'));
  const reading_ = resource().read;

  it.each([
    ['that is correct', {}, 'pass', {}],
    ['that counts views', { bend: counting }, 'warn counter-changed', {}],
    ['that counts views, without a list', { bend: counting }, 'warn counter-changed', { list: null }],
    ['that changes the amount', { bend: charging }, 'fail field-changed', {}],
    ['that changes the amount, without a list', { bend: charging }, 'fail field-changed', { list: null }],
    ['that marks it as read', { bend: marking }, 'fail field-changed?', {}],
    ['that adds records', { bend: adding }, 'fail record-created', {}],
  ] as const)('on a server %s', (_, options, expected, within) => {
    const { verdict } = drive(scenarioOf(check, subject(reading_, resource(within))), createDepot(options));
    expect(outcome(verdict)).toBe(expected);
  });

  it('never looks with the operation that is checked where the list shows the resource', () => {
    const { exchanges } = drive(scenarioOf(check, subject(reading_)), createDepot());
    const steps = new Set(exchanges.map(({ step }) => step));
    expect([...steps].toSorted()).toEqual(['GET', 'HEAD', 'OPTIONS', 'collection', 'create', 'listing', 'trial']);
    expect(exchanges.filter(({ step }) => step === 'GET')).toHaveLength(6);
  });

  it.each([
    ['a read', reading_, resource(), true],
    ['a list', list, resource({ create: null }), true],
    ['another GET', operation('GET', '/health', 'other'), resource(), true],
    [
      'another GET, and nothing to look at',
      operation('GET', '/health', 'other'),
      resource({ read: null, list: null }),
      false,
    ],
    ['another GET with a parameter', operation('GET', '/x/{id}', 'other'), resource(), false],
    ['a create', resource().create, resource(), false],
  ])('%s', (_, of, within, applies) => {
    expect(isSkip(check.plan(subject(of, within), null))).toBe(!applies);
  });
});
