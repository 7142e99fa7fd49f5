import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../src/core/http.js';
import type { Listing } from '../../../src/core/resource.js';
import type { Scope } from '../../../src/core/scope.js';
import type { Counted } from '../../../src/core/step.js';
import { listOracle } from '../../../src/oracle/list/list.js';
import { askOracle } from '../../support/ask-oracle.js';
import { reading } from '../../support/evidence.js';
import { createCanned } from '../../support/exchange.js';
import { operation, resource } from '../../support/subject.js';

const scope: Scope = { marker: 'mk-1', uuid: 'u', int: 1, now: 'n', values: {} };
const { answered, lost } = createCanned();
const URL_OF_LIST = 'http://127.0.0.1/orders';
const listing: Listing = { operation: operation('GET', '/orders', 'list'), items: null, filtered: false };

const made = (id: string) => answered('first', 201, { body: { id }, requestBody: '{"amount":1}' });
const own = (id: string) => ({ id, reference: 'mk-1', amount: 1 });
const other = (id: string) => ({ id, reference: 'other', amount: 7 });
const bare = (id: string) => ({ id, amount: 1 });

/** What the API answers: its pages by their number, and the reads of single records by their ids. */
interface Api {
  readonly pages: readonly (object | Exchange)[];
  readonly reads?: Readonly<Record<string, number>>;
  /** Markers that single records carry. */
  readonly marked?: Readonly<Record<string, string>>;
}

function count(api: Api, counted: Partial<Counted>, on: Listing = listing) {
  const within = counted.resource ?? resource();
  const whole = { round: 0, resource: within, operation: within.create, scope, seen: [], since: null, ...counted };
  if (whole.operation === null) throw new Error('no create');
  return askOracle(listOracle(on), { ...whole, operation: whole.operation }, step => {
    if (step.outgoing.operation.role === 'read') {
      const id = step.outgoing.request.path.split('/').at(-1) ?? '';
      return answered('read', api.reads?.[id] ?? 404, {
        method: 'GET',
        body: { id, reference: api.marked?.[id] },
      });
    }
    const url = step.next ?? URL_OF_LIST;
    const page = api.pages[Number(new URL(url).searchParams.get('page') ?? 1) - 1] ?? [];
    return isExchange(page) ? page : answered('list', 200, { method: 'GET', url, body: page });
  }).count;
}

function isExchange(page: object): page is Exchange {
  return 'lost' in page;
}

const two = (next: string | null, ...items: readonly object[]) => ({ items, next });

describe('a whole list is a count', () => {
  test.each<[string, Api, Partial<Counted>, number]>([
    ['one page', { pages: [[own('a'), other('b')]] }, { seen: [made('a')] }, 1],
    ['two pages', { pages: [two('?page=2', other('b')), two(null, own('a'))] }, { seen: [made('a')] }, 1],
    ['a record that stands on two pages is one', { pages: [two('?page=2', other('b'), own('a')), two(null, own('a'), own('c'))] }, { seen: [made('a')] }, 2], // prettier-ignore
    ['what an answer named and is gone', { pages: [[other('b')]] }, { seen: [made('a')] }, 0],
    ['what an answer named and is the record of another now', { pages: [[]], reads: { a: 200 }, marked: { a: 'ic-0000000b' } }, { seen: [made('a')] }, 0], // prettier-ignore
    ['refusals', { pages: [[other('b')]] }, { seen: [answered('first', 409)] }, 0],
    ['items without ids', { pages: [[{ reference: 'mk-1' }]] }, { seen: [made('a')] }, 1],
    ['no marker in the list, every record known', { pages: [[bare('a')]] }, { seen: [made('a')] }, 1],
    ['no marker in the list, held against the one before', { pages: [[bare('b'), bare('a'), bare('c')]] }, { seen: [made('a')], since: reading('before', 0, { listed: ['b'] }) }, 2], // prettier-ignore
    ['no marker in the list, what was listed before is no effect', { pages: [[bare('a')]] }, { seen: [made('a')], since: reading('before', 0, { listed: ['a'] }) }, 0], // prettier-ignore
  ])('%s', (_, api, counted, effects) => {
    expect(count(api, counted)).toMatchObject({ count: effects, trouble: null });
  });
});

const FEW = { items: [own('a')], total: 67 };

describe('a list that is not whole is none', () => {
  test.each<[string, Api, Partial<Counted>, RegExp]>([
    [
      'a record that can be read is not in it',
      { pages: [[other('b')]], reads: { a: 200 } },
      { seen: [made('a')] },
      /does not show a/,
    ],
    ['nobody knows whether a record it lacks is there', { pages: [[other('b')]], reads: { a: 503 } }, { seen: [made('a')] }, /answered with 503/], // prettier-ignore
    ['nothing reads a record it lacks', { pages: [[other('b')]] }, { seen: [made('a')], resource: resource({ read: null }) }, /does not show a/], // prettier-ignore
    ['its first page fails', { pages: [answered('list', 503, { method: 'GET' })] }, {}, /answered with 503/],
    ['a further page fails', { pages: [two('?page=2', own('a')), answered('list', 429, { method: 'GET' })] }, { seen: [made('a')] }, /page 2 was answered with 429/], // prettier-ignore
    ['a further page is cut', { pages: [two('?page=2', own('a')), lost('list', 'reset', { method: 'GET' })] }, { seen: [made('a')] }, /page 2 was answered with reset/], // prettier-ignore
    ['it is no JSON', { pages: [answered('list', 200, { method: 'GET', body: '<html>' })] }, {}, /no JSON/],
    ['its next page is the same again', { pages: [two('?page=2', own('a')), two('?page=3', own('a'))] }, { seen: [made('a')] }, /same records again.*paging/], // prettier-ignore
    [
      'its next page is elsewhere',
      { pages: [two('http://elsewhere.test/x', own('a'))] },
      { seen: [made('a')] },
      /elsewhere/,
    ],
    [
      'its token is heeded nowhere',
      { pages: [two('abc', own('a'))] },
      { seen: [made('a')] },
      /same records again.*paging/,
    ],
    ['it shows fewer than there are', { pages: [FEW, FEW] }, { seen: [made('a')] }, /same records again/],
    [
      'no marker in it, and nothing to hold it against',
      { pages: [[bare('a'), bare('b')]] },
      { seen: [made('a')] },
      /no marker/,
    ],
  ])('%s', (_, api, counted, why) => {
    const { count: effects, trouble } = count(api, counted);
    expect({ effects, trouble }).toEqual({ effects: null, trouble: expect.stringMatching(why) });
  });
});

test.each<[string, Api, Partial<Counted>]>([
  ['two of its own', { pages: [two('?page=2', own('a'), own('b')), answered('list', 503, { method: 'GET' })] }, { seen: [made('a')] }], // prettier-ignore
  ['one of its own, and one that can be read', { pages: [[own('a')]], reads: { b: 200 } }, { seen: [made('a'), made('b')] }], // prettier-ignore
])('two are two, though the list is not whole: %s', (_, api, counted) => {
  const lacks: unknown = expect.stringMatching(/pages|records/);
  expect(count(api, counted)).toMatchObject({ count: 2, lacks });
});

test('a list that the spec says is always whole has no other pages', () => {
  const api = { pages: [{ items: [own('a')], total: 67, next: '?page=2' }] };
  expect(count(api, { seen: [made('a')] }, { ...listing, paging: 'none' }).count).toBe(1);
});
