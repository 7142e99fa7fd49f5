import { outgoing } from '../../core/arrange.js';
import { statusOf } from '../../core/http.js';
import type { Listing, Outgoing, Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { ask, type OracleAnswer, type OracleStep } from '../oracle.js';
import { nameOf, pageOf, shownIdOf, type Page } from './answer.js';
import { nextOf, type Next } from './next.js';

/** A collection that never ends is given up after so many pages. */
const MOST_PAGES = 50;

/** The records of a list, and why they are not all of them (`null` = they are). */
export interface Listed {
  readonly items: readonly unknown[];
  readonly trouble: string | null;
  /** Not even its first page could be read. */
  readonly isUnread: boolean;
}

/** Reads a list page by page. A record that stands on two pages, since others were made meanwhile, is one. */
export function* readList(
  listing: Listing,
  { resource, scope }: { readonly resource: Resource; readonly scope: Scope },
): Generator<OracleStep, Listed, OracleAnswer> {
  const request = outgoing(listing.operation, scope);
  const { paging = {} } = listing;
  const first = pageOf(listing, yield* ask(request));
  if (typeof first === 'string') return { items: [], trouble: `the list was ${first}`, isUnread: true };
  const items = [...first.items];
  const listed = (trouble: string | null): Listed => ({ items, trouble, isUnread: false });
  const asked = new Set([first.exchange.request.url]);
  let page: Page | null = first;
  for (let pages = 1; page !== null && paging !== 'none'; pages++) {
    const next = nextOf(page, paging, { pages, read: items.length, lastId: lastIdOf(page, resource) });
    if (next.kind === 'end') break;
    if (next.kind === 'lost') return listed(`the list is not whole: ${next.why}. ${ADVICE}`);
    if (pages === MOST_PAGES) return listed(`the list has ${MOST_PAGES} pages or more. ${FILTER}`);
    const turned = yield* turn(listing, request, next, { items, asked, resource });
    if (typeof turned === 'string') return listed(`the list is not whole: ${turned}`);
    page = turned;
  }
  return listed(null);
}

/** Asks for the next page and adds what is new on it; `null` = there is none, a text = why it was not found. */
function* turn(
  listing: Listing,
  request: Outgoing,
  { urls, mayBeOver }: Extract<Next, { readonly kind: 'page' }>,
  into: { readonly items: unknown[]; readonly asked: Set<string>; readonly resource: Resource },
): Generator<OracleStep, Page | string | null, OracleAnswer> {
  const { items, asked, resource } = into;
  let trouble = `its next page is one that was read. ${ADVICE}`;
  for (const url of urls) {
    if (asked.has(url)) continue;
    asked.add(url);
    const exchange = yield* ask(request, url);
    const status = statusOf(exchange) ?? 0;
    const page = pageOf(listing, exchange);
    if (typeof page === 'string') {
      if (mayBeOver && [404, 416].includes(status)) return null;
      trouble = `page ${asked.size} was ${page}. ${ADVICE}`;
      if (status === 400 || status === 404 || status === 422) continue;
      return trouble;
    }
    const fresh = newOn(page, items, resource);
    if (page.items.length === 0 || fresh.length > 0) {
      items.push(...fresh);
      return page;
    }
    trouble = `page ${asked.size} shows the same records again. ${ADVICE}`;
  }
  return trouble;
}

const ADVICE =
  'Say how it is paged: list: { request: ..., paging: { cursor: <parameter>, next: $.<member> } }, or paging: { page: <parameter> }, { offset: <parameter> }, none';
const FILTER = 'Let it show fewer: list: { request: "GET ...?<field>={{marker}}" }, or a larger page';

/** What was not read before; empty when all of it was. What shows no id may well be alike. */
function newOn({ items }: Page, read: readonly unknown[], resource: Resource): readonly unknown[] {
  const known = new Set(read.map(item => nameOf(item, resource)));
  if (items.every(item => known.has(nameOf(item, resource)))) return [];
  return items.filter(item => shownIdOf(item, resource) === null || !known.has(nameOf(item, resource)));
}

function lastIdOf({ items }: Page, resource: Resource): string | null {
  const last = items.at(-1);
  return last === undefined ? null : shownIdOf(last, resource);
}
