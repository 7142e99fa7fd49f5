import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/core/reading.js';
import type { Resource } from '../../src/core/resource.js';
import type { Scope } from '../../src/core/scope.js';
import type { Counted } from '../../src/core/step.js';
import { commandOracle } from '../../src/oracle/command.js';
import { identityOracle } from '../../src/oracle/identity.js';
import { listOracle } from '../../src/oracle/list/list.js';
import { numberOracle } from '../../src/oracle/number.js';
import { askOracle } from '../support/ask-oracle.js';
import { reading } from '../support/evidence.js';
import { createCanned } from '../support/exchange.js';
import { member, operation, resource } from '../support/subject.js';

const scope: Scope = { marker: 'mk-1', uuid: 'u', int: 1, now: 'n', values: {} };
const { answered, lost } = createCanned();

function counted(overrides: Partial<Counted> = {}, within: Resource = resource()): Counted {
  const create = within.create ?? operation('POST', '/orders', 'create');
  return { round: 0, resource: within, operation: create, scope, seen: [], since: null, ...overrides };
}

const made = (id: number | string, body: object = {}) =>
  answered('first', 201, { body: { id, ...body }, requestBody: '{"amount":1}' });
const list = (items: readonly object[], shape = {}) =>
  answered('list', 200, { method: 'GET', body: [...items], ...shape });
const listing = { operation: operation('GET', '/orders?reference={{marker}}', 'list'), items: null, filtered: true };

describe('a list', () => {
  test('counts the records that carry the marker, whatever else it shows', () => {
    const items = [
      { id: 1, reference: 'mk-1' },
      { id: 2, reference: 'other' },
      { id: 3, reference: 'mk-1' },
    ];
    const { count } = askOracle(listOracle(listing), counted(), () => list(items));
    expect(count).toMatchObject({ kind: 'filter', count: 2, ids: ['1', '3'] });
  });

  test('follows its pages by a token, on top of what it asks for', () => {
    const page = (id: number, token: string, url: string) =>
      answered('list', 200, {
        method: 'GET',
        url,
        body: { orders: [{ id, reference: 'mk-1' }], next_page_token: token },
      });
    const pages = [
      page(1, 'a b', 'http://127.0.0.1/orders?filter=x'),
      page(2, '', 'http://127.0.0.1/orders?filter=x&page_token=a+b'),
    ];
    const { count, asked } = askOracle(listOracle(listing), counted(), (_, at) => pages[at] ?? list([]));
    expect(count.count).toBe(2);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ next: 'http://127.0.0.1/orders?filter=x&page_token=a+b' });
  });

  test('follows its pages, by Link and by member, on its own origin alone', () => {
    const pages = [
      list([{ id: 1, reference: 'mk-1' }], {
        url: 'http://127.0.0.1/orders',
        headers: [['link', '</orders?page=2>; rel="next"']],
      }),
      answered('list', 200, {
        method: 'GET',
        url: 'http://127.0.0.1/orders?page=2',
        body: { items: [{ id: 2, reference: 'mk-1' }], next: 'http://elsewhere.test/orders' },
      }),
    ];
    const { count, asked } = askOracle(listOracle(listing), counted(), (_, at) => pages[at] ?? list([]));
    expect(count.count).toBe(2);
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({ next: 'http://127.0.0.1/orders?page=2' });
  });

  test('that never ends, or fails, counts nothing', () => {
    const endless = (_: unknown, at: number) =>
      list([], { url: `http://127.0.0.1/o?${at}`, headers: [['link', `<http://127.0.0.1/o?${at + 1}>; rel=next`]] });
    expect(askOracle(listOracle(listing), counted(), endless).count).toMatchObject({ count: null });
    expect(askOracle(listOracle(listing), counted(), () => answered('list', 500)).count).toMatchObject({ count: null });
  });

  test('shows two where two live ids were answered, although it lists one', () => {
    const seen = [made(1), made(2)];
    const { count } = askOracle(listOracle(listing), counted({ seen }), step =>
      step.outgoing.operation.role === 'list'
        ? list([{ id: 1, reference: 'mk-1' }])
        : answered('read', 200, { body: {} }),
    );
    expect(count.count).toBe(2);
  });
});

describe('a list whose records carry no marker', () => {
  const unmarked = resource({ create: operation('POST', '/orders', 'create', { marked: false }) });
  const oracle = listOracle({ ...listing, filtered: false });
  const old = [
    { id: 1, amount: 1 },
    { id: 2, amount: 7 },
  ];
  const start = (): Reading => reading('before', 0, askOracle(oracle, counted({}, unmarked), () => list(old)).count);

  test('starts from what is there: nothing of it is an effect', () => {
    expect(start()).toMatchObject({ count: 0, ids: [], listed: ['1', '2'] });
  });

  test('counts what is new and says what was sent', () => {
    const items = [...old, { id: 3, amount: 1 }, { id: 4, amount: 99 }];
    const { count } = askOracle(oracle, counted({ seen: [made(3)], since: start() }, unmarked), () => list(items));
    expect(count.count).toBe(1);
  });

  test('counts nothing after a start that failed, or without one', () => {
    const failed = reading('before', null);
    const seen = [made(3)];
    expect(askOracle(oracle, counted({ seen, since: failed }, unmarked), () => list(old)).count.count).toBeNull();
    expect(askOracle(oracle, counted({ seen, since: null }, unmarked), () => list(old)).count.count).toBeNull();
  });
});

describe('ids', () => {
  test.each([
    ['one id', [made(1), made(1)], 1],
    ['two ids that can be read', [made(1), made(2)], 2],
    ['refusals alone', [answered('first', 409)], 0],
    ['a success without an id', [answered('first', 201, { body: {} })], null],
  ])('%s', (_name, seen, count) => {
    expect(askOracle(identityOracle, counted({ seen }), () => answered('read', 200)).count.count).toBe(count);
  });

  test.each([
    ['an answer that was lost', [lost('first', 'aborted'), made(1)], null],
    ['an error', [answered('first', 500), made(1)], null],
    ['a request that never went out', [{ ...lost('first', 'refused'), writtenAtUs: null }, made(1)], 1],
    ['a refusal', [answered('first', 409), made(1)], 1],
    ['an answer that was lost beside two ids', [lost('first', 'aborted'), made(1), made(2)], 2],
  ])('%s', (_, seen, count) => {
    expect(askOracle(identityOracle, counted({ seen }), () => answered('read', 200)).count.count).toBe(count);
  });

  test('an id that cannot be read back is no second effect', () => {
    const seen = [made(1), made(2)];
    const { count } = askOracle(identityOracle, counted({ seen }), (_, at) => answered('read', at === 0 ? 200 : 404));
    expect(count).toMatchObject({ count: 1, ids: ['1'] });
  });
});

describe('a number', () => {
  const effect = { read: operation('GET', '/orders/{id}', 'read'), value: member('balance') };
  const balance = (value: unknown) => () => answered('read', 200, { body: { balance: value } });

  test.each([
    [5, 110, 100, 2],
    [0.1, 100.3, 100, 3],
    [5, 100, 100, 0],
    [-3, 94, 100, 2],
    [5, 107.5, 100, null],
    ['unsteady', 105, 100, null],
  ] as const)('with unit %s it moved to %s from %s: %s effects', (unit, now, then, count) => {
    const since = reading('before', 0, { kind: 'number', value: then });
    expect(askOracle(numberOracle(effect, unit), counted({ since }), balance(now)).count.count).toBe(count);
  });

  test('is nothing when the number it starts from was not read', () => {
    const since = reading('before', null, { kind: 'number' });
    expect(askOracle(numberOracle(effect, 5), counted({ since }), balance(5)).count).toMatchObject({
      count: null,
      value: 5,
    });
  });

  test('is nothing without a unit, or when it is no number', () => {
    expect(askOracle(numberOracle(effect, null), counted(), balance(1)).count).toMatchObject({ count: null, value: 1 });
    expect(askOracle(numberOracle(effect, 1), counted(), balance('many')).count).toMatchObject({
      count: null,
      value: null,
    });
  });
});

test.each([
  ['3\n', null, 3],
  ['three', null, null],
  ['', 'the command ended with 1', null],
])('a command that prints %j', (stdout, trouble, count) => {
  const oracle = commandOracle({ command: ({ marker }) => `count ${marker}` });
  const asked = askOracle(oracle, counted(), () => answered('none', 200), { stdout, trouble });
  expect(asked.asked).toEqual([{ kind: 'command', command: 'count mk-1' }]);
  expect(asked.count.count).toBe(count);
});
