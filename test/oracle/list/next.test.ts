import { describe, expect, test } from 'vitest';
import { isAnswered, type HeaderLine, type Method } from '../../../src/core/http.js';
import type { Paging } from '../../../src/core/resource.js';
import { nextOf, type Next, type SoFar } from '../../../src/oracle/list/next.js';
import { pageOf } from '../../../src/oracle/list/answer.js';
import { createCanned } from '../../support/exchange.js';
import { member } from '../../support/subject.js';

const { answered } = createCanned();
const BASE = 'http://api.test/v1/orders';

interface Shape {
  readonly url?: string;
  readonly method?: Method;
  readonly headers?: readonly HeaderLine[];
  readonly body: unknown;
  readonly paging?: Paging;
  readonly soFar?: Partial<SoFar>;
}

function next({ url = BASE, method = 'GET', headers = [], body, paging = {}, soFar = {} }: Shape): Next {
  const exchange = answered('list', 200, { method, url, headers, body: JSON.stringify(body) });
  if (!isAnswered(exchange)) throw new Error('no answer');
  const page = pageOf({ items: null }, exchange);
  if (typeof page === 'string') throw new Error(page);
  return nextOf(page, paging, { pages: 1, read: page.items.length, lastId: '2', ...soFar });
}

const items = [{ id: '1' }, { id: '2' }];
const link = (value: string): readonly HeaderLine[] => [['Link', value]];

/** The first address the next page is asked for at, below the list's own. */
const SHAPES: readonly (readonly [name: string, Shape, query: string])[] = [
  ['Link, quoted', { headers: link(`<${BASE}?page=2>; rel="next"`), body: items }, '?page=2'],
  ['Link, bare', { headers: link('</v1/orders?page=2>; rel=next'), body: items }, '?page=2'],
  ['Link, among others', { headers: link('<?page=1>; rel="first", <?page=2>; title="a, b"; rel="next last"'), body: items }, '?page=2'], // prettier-ignore
  ['Link, of two lines', { headers: [...link('<?page=1>; rel=prev'), ...link('<?ids=1,2&page=3>; rel="next"')], body: items }, '?ids=1,2&page=3'], // prettier-ignore
  ['next: URL', { body: { items, next: `${BASE}?cursor=b` } }, '?cursor=b'],
  ['next: URL behind a proxy', { body: { items, next: 'http://internal:8080/orders?cursor=b' } }, '?cursor=b'],
  ['next: path', { body: { items, next: '/v1/orders?cursor=b' } }, '?cursor=b'],
  ['next: path without the base', { body: { items, next: '/orders?cursor=b' } }, '?cursor=b'],
  ['next: query', { body: { items, next: '?cursor=b' } }, '?cursor=b'],
  ['next: query without its mark', { body: { items, next: 'cursor=b&limit=2' } }, '?cursor=b&limit=2'],
  ['next: relative', { body: { items, next: 'orders?cursor=b' } }, '?cursor=b'],
  ['next: token', { body: { items, next: 'b==' } }, '?cursor=b=='],
  ['next: token, parameter said', { body: { items, next: 'b' }, paging: { cursor: 'after' } }, '?after=b'],
  ['meta.next: token', { body: { items, meta: { next: 'b', total: 67 } } }, '?cursor=b'],
  ['links.next', { body: { items, links: { next: '/v1/orders?page=2', prev: null } } }, '?page=2'],
  ['_links.next.href', { body: { items, _links: { next: { href: '/v1/orders?page=2' } } } }, '?page=2'],
  ['paging.next with link and after', { body: { items, paging: { next: { after: 'b', link: '?after=b&x=1' } } } }, '?after=b&x=1'], // prettier-ignore
  ['pages.next as parameters', { body: { items, pages: { next: { page: 2, starting_after: 'b' } } } }, '?page=2&starting_after=b'], // prettier-ignore
  ['pagination.next_url', { body: { items, pagination: { next_url: '/v1/orders?cursor=b' } } }, '?cursor=b'],
  ['next_page_url', { body: { data: items, current_page: 1, next_page_url: `${BASE}?page=2` } }, '?page=2'],
  ['@odata.nextLink', { body: { value: items, '@odata.nextLink': `${BASE}?$skiptoken=b` } }, '?$skiptoken=b'],
  ['nextLink', { body: { value: items, nextLink: `${BASE}?$skip=2` } }, '?$skip=2'],
  ['next_page: number', { body: { items, next_page: 2 } }, '?page=2'],
  ['next_page_token', { url: `${BASE}?filter=x`, body: { items, next_page_token: 'b' } }, '?filter=x&page_token=b'],
  ['nextPageToken', { body: { items, nextPageToken: 'b' } }, '?pageToken=b'],
  ['response_metadata.next_cursor', { body: { items, response_metadata: { next_cursor: 'b=' } } }, '?cursor=b='],
  ['pageInfo.endCursor', { body: { items, pageInfo: { hasNextPage: true, endCursor: 'b' } } }, '?after=b'],
  ['continuation_token', { body: { items, continuation_token: 'b' } }, '?continuation_token=b'],
  ['nextToken', { body: { items, nextToken: 'b' } }, '?nextToken=b'],
  ['metadata.continue', { body: { items, metadata: { continue: 'b' } } }, '?continue=b'],
  ['paging.cursors.after', { body: { items, paging: { cursors: { before: 'a', after: 'b' } } } }, '?after=b'],
  ['a token in the parameter in use', { url: `${BASE}?cursor=a`, body: { items, next: 'b' } }, '?cursor=b'],
  ['where the spec says', { body: { items, further: 'b' }, paging: { next: member('further'), cursor: 'from' } }, '?from=b'], // prettier-ignore
  ['x-next-page', { headers: [['X-Next-Page', '2']], body: items }, '?page=2'],
  ['has_more', { body: { items, has_more: true } }, '?starting_after=2'],
  ['has_more, by an offset', { body: { items, has_more: true, offset: 0 } }, '?offset=2'],
  ['page of total_pages', { body: { items, meta: { page: 1, total_pages: 3 } } }, '?page=2'],
  ['page of last_page', { url: `${BASE}?page=2`, body: { items, current_page: 2, last_page: 3 }, soFar: { pages: 2 } }, '?page=3'], // prettier-ignore
  ['pages from 0', { body: { content: items, number: 0, totalPages: 2, last: false } }, '?page=1'],
  ['offset of total', { body: { items, offset: 0, limit: 2, total: 3 } }, '?offset=2'],
  ['startIndex of totalResults', { body: { Resources: items, startIndex: 1, itemsPerPage: 2, totalResults: 3 } }, '?startIndex=3'], // prettier-ignore
  ['Content-Range', { headers: [['Content-Range', 'items 0-1/67']], body: items }, '?offset=2'],
  ['X-Total-Count, page said', { headers: [['X-Total-Count', '67']], body: items, paging: { page: 'p' }, url: `${BASE}?p=1` }, '?p=2'], // prettier-ignore
  ['a total alone: the usual names are tried', { body: { items, total: 3 } }, '?starting_after=2'],
  ['a full page, offset said', { url: `${BASE}?limit=2`, body: items, paging: { offset: 'skip' } }, '?limit=2&skip=2'],
  ['a full page, the last id goes back', { url: `${BASE}?limit=2`, body: items, paging: { cursor: 'starting_after' } }, '?limit=2&starting_after=2'], // prettier-ignore
  ['page said, pages of unknown size', { body: items, paging: { page: 'page' } }, '?page=1'],
];

const ENDS: readonly (readonly [name: string, Shape])[] = [
  ['an array alone', { body: items }],
  ['next: null', { body: { items, next: null, total: 67 } }],
  ['meta.next: null', { body: { items, meta: { next: null } } }],
  ['links.next: empty', { body: { items, links: { next: '' } } }],
  ['Link without next', { headers: link('<?page=1>; rel="prev"'), body: items, paging: { page: 'page' } }],
  ['has_more: false, a cursor beside', { body: { items, has_more: false, cursor: 'b' } }],
  ['hasNextPage: false', { body: { items, pageInfo: { hasNextPage: false, endCursor: 'b' } } }],
  ['an empty token', { body: { items, next_page_token: '' } }],
  ['the last of its pages', { body: { items, page: 3, total_pages: 3 }, soFar: { pages: 3 } }],
  ['the last of its pages, from 0', { body: { content: items, number: 1, totalPages: 2 }, soFar: { pages: 2 } }],
  ['as many as the total', { body: { items, total: 2 }, paging: { offset: 'offset' } }],
  ['a count of this page', { body: { items, count: 2 } }],
  ['fewer than the limit', { url: `${BASE}?limit=50`, body: items, paging: { page: 'page' } }],
  ['an empty page', { body: { items: [], bookmark: 'b', total: 67 } }],
  ['the token it was asked with', { url: `${BASE}?cursor=a`, body: { items, cursor: 'a' } }],
  ['X-Next-Page: nothing', { headers: [['X-Next-Page', '']], body: items }],
  ['asked for in a body, whole', { method: 'POST', body: { items, total: 2 } }],
];

const LOST: readonly (readonly [name: string, Shape])[] = [
  ['on another origin', { body: { items, next: 'https://elsewhere.test/others?page=2' } }],
  ['a full page, and nothing more is known', { url: `${BASE}?limit=2`, body: items }],
  ['asked for in a body', { method: 'POST', body: { items, next_page_token: 'b' } }],
];

describe('the page after a page', () => {
  test.each(SHAPES)('%s', (_, shape, query) => {
    const found = next(shape);
    expect(found.kind).toBe('page');
    expect(found.kind === 'page' ? decodeURIComponent(found.urls[0] ?? '') : '').toBe(BASE + query);
  });

  test.each(ENDS)('there is none: %s', (_, shape) => expect(next(shape)).toEqual({ kind: 'end' }));

  test.each(LOST)('it cannot be asked for: %s', (_, shape) => expect(next(shape).kind).toBe('lost'));

  test('a token of which nothing says where it goes is tried in the usual parameters', () => {
    const found = next({ body: { items, next: 'b' } });
    const names = found.kind === 'page' ? found.urls.map(url => [...new URL(url).searchParams.keys()][0]) : [];
    expect(names).toEqual(expect.arrayContaining(['cursor', 'after', 'page_token', 'starting_after']));
  });
});
