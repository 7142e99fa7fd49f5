import { header } from '../../core/http.js';
import type { Paging } from '../../core/resource.js';
import type { Page } from './answer.js';
import { linkedNext } from './link.js';
import { isAddress, isQuery, numbersIn, saidIn, wordsIn, type Numbers, type Said } from './said.js';

/** What comes after a page. */
export type Next =
  | { readonly kind: 'end' }
  /**
   * Where it is asked for: the first of `urls` that is heeded. `mayBeOver`: nothing says that there is more, so that a
   * page that is not there is the end.
   */
  | { readonly kind: 'page'; readonly urls: readonly string[]; readonly mayBeOver: boolean }
  /** There is more, and nothing says how it is asked for. */
  | { readonly kind: 'lost'; readonly why: string };

/** The pages up to one. */
export interface SoFar {
  /** How many, this one included. */
  readonly pages: number;
  /** Records on all pages, this one included. */
  readonly read: number;
  /** The id of the last record of this page. */
  readonly lastId: string | null;
}

const PAGE_PARAMETERS = ['page', 'page_number', 'pageNumber', 'page[number]', 'pageNo', 'p'] as const;
const OFFSET_PARAMETERS = ['offset', 'skip', '$skip', 'start', 'startIndex', 'page[offset]', 'from'] as const;
const LIMIT_PARAMETERS = ['limit', 'per_page', 'perPage', 'page_size', 'pageSize', 'page[size]', 'page[limit]', '$top', 'top', 'count', 'max_results', 'maxResults', 'first', 'size'] as const; // prettier-ignore
/** Cursors that are the id of the last record read. */
const BY_LAST_ID = /^(starting_?after|after(_?id)?|start_?after|last_?id|since_?id|from_?id)$/i;

const END: Next = { kind: 'end' };

/** The page after one: as the spec says, as the answer says, or as its numbers let it be asked for. */
export function nextOf(page: Page, paging: Paging, soFar: SoFar): Next {
  const { request, response } = page.exchange;
  const asking: Asking = { url: new URL(request.url), paging, page, soFar, numbers: numbersOf(page) };
  if (request.method !== 'GET' && linkedNext(response.headers) === null) return afterBody(asking);
  const said = selected(page, paging) ?? linkedNext(response.headers) ?? namedNext(page) ?? saidIn(wordsIn(page.body));
  switch (said?.kind) {
    case 'link':
      return atAddress(asking, said.text);
    case 'token':
      if (isSame(asking, said.text) || (said.isEndless === true && page.items.length === 0))
        return counted(asking, false);
      return at(cursorsOf(asking, said.parameter).map(name => addressWith(asking.url, { [name]: said.text })));
    case 'query':
      return at([addressWith(asking.url, said.query)]);
    case 'page':
      return at([addressWith(asking.url, { [pageOf(asking) ?? 'page']: String(said.number) })]);
    case 'more':
      return counted(asking, true);
    case 'end':
      return END;
    case undefined:
      return counted(asking, false);
  }
}

interface Asking {
  readonly url: URL;
  readonly paging: Paging;
  readonly page: Page;
  readonly soFar: SoFar;
  readonly numbers: Numbers;
}

/** What stands where the spec says the next page is named. */
function selected({ exchange }: Page, { next }: Paging): Said | null {
  if (next === undefined) return null;
  const [value] = next.all(exchange.response);
  if (value === undefined || value === null || value === '' || value === false) return { kind: 'end' };
  if (value === true) return { kind: 'more' };
  if (typeof value === 'number') return { kind: 'page', number: value };
  const text = String(value);
  return isAddress(text) ? { kind: 'link', text } : { kind: 'token', text, parameter: null };
}

/** Headers that name the next page, and the parameter it usually goes back in. */
const HEADERS = [
  ['x-next-page', 'page'],
  ['x-next-cursor', 'cursor'],
  ['x-next-page-token', 'page_token'],
  ['x-next-token', 'next_token'],
  ['x-continuation-token', 'continuation_token'],
] as const;

/** What a header of its own says of the next page. */
function namedNext({ exchange: { response } }: Page): Said | null {
  for (const [name, parameter] of HEADERS) {
    const text = header(response, name)?.trim();
    if (text === undefined) continue;
    if (text === '') return { kind: 'end' };
    if (isAddress(text)) return { kind: 'link', text };
    return parameter === 'page' && /^\d+$/.test(text)
      ? { kind: 'page', number: Number(text) }
      : { kind: 'token', text, parameter };
  }
  return null;
}

/** The numbers of an answer, its headers first. */
function numbersOf({ exchange: { response }, body }: Page): Numbers {
  const said = numbersIn(wordsIn(body));
  const range = /^\s*[\w-]+\s+(?:(\d+)-\d+|\*)\/(\d+)\s*$/.exec(header(response, 'content-range') ?? '');
  const counting = ['x-total-count', 'x-total', 'total-count', 'x-pagination-total-count'];
  const total = range?.[2] ?? counting.flatMap(name => header(response, name) ?? [])[0];
  const pages = header(response, 'x-total-pages') ?? header(response, 'x-pagination-page-count');
  const { isTotalDoubtful: _, ...rest } = said;
  return {
    ...(total === undefined || !/^\d+$/.test(total) ? said : { ...rest, total: Number(total) }),
    ...(pages === null || !/^\d+$/.test(pages) ? {} : { pages: Number(pages) }),
    ...(range === null ? {} : { offset: Number(range[1] ?? 0), offsetName: 'offset' }),
  };
}

/** A list that is asked for in a body has its next page there too, where nobody knows its name. */
function afterBody({ page, soFar, numbers }: Asking): Next {
  const said = saidIn(wordsIn(page.body));
  const isMore = said === null ? (numbers.total ?? 0) > soFar.read : said.kind !== 'end';
  return isMore ? { kind: 'lost', why: 'it is asked for in a body, which cannot be sent for another page' } : END;
}

/** The page after one of which the answer gives no address and no token. */
function counted(asking: Asking, isSaid: boolean): Next {
  const { page, paging, numbers, soFar } = asking;
  const isMore = isSaid || isMoreByNumbers(asking);
  if (!isMore && (page.items.length === 0 || isOverByNumbers(asking))) return END;
  const limit = limitOf(asking);
  const isFull = limit !== null && limit > 0 && page.items.length >= limit;
  const isUnsized = limit === null && (paging.page ?? paging.offset) !== undefined;
  if (!isMore && !isFull && !isUnsized) return END;
  const urls = counting(asking, isMore);
  if (urls.length > 0) return { kind: 'page', urls, mayBeOver: !isMore };
  const all = numbers.total !== undefined && numbers.total > soFar.read ? ` of ${numbers.total}` : '';
  return { kind: 'lost', why: `it shows ${soFar.read}${all} records, and nothing says how the next page is asked for` };
}

function isMoreByNumbers(asking: Asking): boolean {
  const { page, numbers, soFar } = asking;
  const { total, pages, page: number } = numbers;
  if (total !== undefined && total > soFar.read && page.items.length > 0) return true;
  if (pages === undefined || number === undefined || page.items.length === 0) return false;
  return number + (isZeroBased(asking) ? 1 : 0) < pages;
}

function isOverByNumbers({ page, numbers, soFar }: Asking): boolean {
  const { total, pages, page: number, isTotalDoubtful = false } = numbers;
  if (pages !== undefined && number !== undefined) return true;
  return total !== undefined && total <= soFar.read && !(isTotalDoubtful && total === page.items.length);
}

function limitOf({ url, paging, numbers }: Asking): number | null {
  if (numbers.limit !== undefined) return numbers.limit;
  const asked = [paging.limit, ...LIMIT_PARAMETERS].flatMap(name =>
    name === undefined ? [] : (url.searchParams.get(name) ?? []),
  );
  const [limit] = asked.filter(text => /^\d+$/.test(text));
  return limit === undefined ? null : Number(limit);
}

/**
 * Asks by number, by offset or by the last id. Where it is said that there is more, and not how to ask, usual names are
 * tried: one that is not heeded shows the same page again.
 */
function counting(asking: Asking, isMore: boolean): readonly string[] {
  const { url, paging, page, soFar, numbers } = asking;
  const byOffset = (name: string) => {
    const from = Number(url.searchParams.get(name) ?? numbers.offset ?? (name === 'startIndex' ? 1 : 0));
    return addressWith(url, { [name]: String(from + page.items.length) });
  };
  // Where nothing says from which number pages are counted, the first is asked for as the second of those from 0.
  const byPage = (name: string) => {
    const number = url.searchParams.get(name) ?? numbers.page;
    const further = number === null || number === undefined ? [1, 2] : [Number(number) + 1];
    return further.map(one => addressWith(url, { [name]: String(one) }));
  };
  const byId = (name: string) => (soFar.lastId === null ? [] : [addressWith(url, { [name]: soFar.lastId })]);
  const { cursor } = paging;
  if (paging.offset !== undefined) return [byOffset(paging.offset)];
  if (paging.page !== undefined) return byPage(paging.page);
  if (cursor !== undefined && BY_LAST_ID.test(cursor)) return byId(cursor);
  const inUse = [...url.searchParams.keys()].find(name => BY_LAST_ID.test(name));
  if (inUse !== undefined) return byId(inUse);
  const number = pageOf(asking);
  if (number !== null) return byPage(number);
  const offset = OFFSET_PARAMETERS.find(name => url.searchParams.has(name)) ?? numbers.offsetName;
  if (offset !== undefined) return [byOffset(offset)];
  return isMore ? [...byId('starting_after'), ...byPage('page'), byOffset('offset')] : [];
}

function pageOf({ url, paging, numbers }: Asking): string | null {
  const asked = PAGE_PARAMETERS.find(name => url.searchParams.has(name));
  return paging.page ?? asked ?? (numbers.page === undefined ? null : 'page');
}

/** Whether pages are numbered from 0: this one's number says that fewer were read. */
function isZeroBased({ numbers, soFar }: Asking): boolean {
  return (numbers.page ?? soFar.pages) < soFar.pages;
}

/** The parameters that may take a token: the spec's, the one in use, the one usual for its name, else the usual ones. */
function cursorsOf({ url, paging }: Asking, usual: string | null): readonly string[] {
  const all = ['cursor', 'page_token', 'pageToken', 'after', 'starting_after', 'token', 'next', 'continuation'];
  const known = paging.cursor ?? [usual, ...all].find(name => name !== null && url.searchParams.has(name));
  return known === undefined || known === null ? [...new Set([...(usual === null ? [] : [usual]), ...all])] : [known];
}

/** Whether a token is the one this page was asked with: it names no other. */
function isSame({ url }: Asking, token: string): boolean {
  return [...url.searchParams.values()].includes(token);
}

function at(urls: readonly string[]): Next {
  return { kind: 'page', urls, mayBeOver: false };
}

function addressWith(url: URL, query: Readonly<Record<string, string>>): string {
  const next = new URL(url);
  for (const [name, value] of Object.entries(query)) next.searchParams.set(name, value);
  return next.href;
}

/**
 * An address the answer gives, on the origin of the list alone. A server behind a proxy may name another origin, or leave
 * out the path it is mounted at: where the rest is the list's own path, it is the list.
 */
function atAddress({ url }: Asking, text: string): Next {
  const given = isQuery(text) ? `?${text}` : text;
  if (!URL.canParse(given, url.href))
    return { kind: 'lost', why: `it names its next page as ${JSON.stringify(text.slice(0, 60))}` };
  const found = new URL(given, url);
  const isOwnPath = url.pathname.endsWith(found.pathname.replace(/\/$/, ''));
  if (found.origin !== url.origin && !isOwnPath) return { kind: 'lost', why: `its next page is on ${found.origin}` };
  const next = new URL(url);
  next.pathname = isOwnPath && found.pathname !== '/' ? url.pathname : found.pathname;
  next.search = found.search;
  return at([next.href]);
}
