import { outgoing } from '../core/arrange.js';
import { header, isSuccess, statusOf, type Answered, type Exchange } from '../core/http.js';
import type { Listing, Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import type { Counted } from '../core/step.js';
import { idsIn, liveOf } from './identity.js';
import { ask, uncounted, type Count, type Oracle, type OracleAnswer, type OracleStep } from './oracle.js';

/** A collection that never ends is given up after so many pages. */
const MOST_PAGES = 50;

/**
 * Counts records in a list: those that carry the scope's marker or its client-chosen id; where the records show
 * neither, those that were not there at the reading it counts from. Follows pages by `Link: rel=next` or a `next`
 * member, or by a page token. Distinct ids that can be read count too, when the list shows fewer.
 */
export function listOracle(listing: Listing): Oracle {
  const kind = listing.filtered ? 'filter' : 'list';
  return {
    kind,
    *read(counted) {
      const pages = yield* pagesOf(listing, counted);
      const failed = pages.find(page => !isSuccess(page));
      if (failed !== undefined) return uncounted(kind, `the list was answered with ${statusOf(failed) ?? failed.lost}`);
      const items = pages.filter(isSuccess).flatMap(page => itemsOf(listing, page));
      if (pages.length === MOST_PAGES) return uncounted(kind, `the list has ${MOST_PAGES} pages or more`);
      const own = isRecognisable(counted) ? recognisableItems(items, counted) : newItems(items, counted);
      if (own === null) return uncounted(kind, 'the reading to count from did not come about');
      const shown = idsIn(counted);
      const live = shown.length > own.length ? yield* liveOf(counted, shown) : [];
      const ids = (isRecognisable(counted) ? own : items).map(item => idOf(item, counted.resource));
      return { kind, count: Math.max(own.length, live.length), ids, value: null, trouble: null } satisfies Count;
    },
  };
}

function* pagesOf(listing: Listing, { scope }: Counted): Generator<OracleStep, readonly Exchange[], OracleAnswer> {
  const request = outgoing(listing.operation, scope);
  const pages = [yield* ask(request)];
  while (pages.length < MOST_PAGES) {
    const last = pages.at(-1);
    const next = last !== undefined && isSuccess(last) ? nextPage(last) : null;
    if (next === null || pages.some(page => page.request.url === next)) return pages;
    pages.push(yield* ask(request, next));
  }
  return pages;
}

/** The next page's absolute URL, on the same origin only. */
function nextPage({ request, response }: Answered): string | null {
  const link = header(response, 'link')?.match(/<([^>]*)>\s*;[^,]*\brel="?next"?/i)?.[1];
  const found = link ?? nextMember(parsed(response.body)) ?? nextByToken(parsed(response.body), request.url);
  if (found === undefined || found === null || !URL.canParse(found, request.url)) return null;
  const url = new URL(found, request.url);
  return url.origin === new URL(request.url).origin ? url.href : null;
}

/** A page token goes back as a parameter of its own (AIP-158). */
function nextByToken(body: unknown, url: string): string | null {
  if (!isRecord(body)) return null;
  const pairs = [
    ['next_page_token', 'page_token'],
    ['nextPageToken', 'pageToken'],
  ] as const;
  for (const [member, parameter] of pairs) {
    const token = body[member];
    if (typeof token !== 'string' || token === '') continue;
    const next = new URL(url);
    next.searchParams.set(parameter, token);
    return next.href;
  }
  return null;
}

function nextMember(body: unknown): string | null {
  const places = [['next'], ['links', 'next'], ['_links', 'next', 'href'], ['_links', 'next'], ['paging', 'next']];
  for (const place of places) {
    const found = place.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), body);
    if (typeof found === 'string' && /^(https?:|\/|\?)/.test(found)) return found;
  }
  return null;
}

function itemsOf({ items }: Listing, { response }: Answered): readonly unknown[] {
  if (items !== null) return items.all(response).flatMap(found => (Array.isArray(found) ? found : [found]));
  const body = parsed(response.body);
  if (Array.isArray(body)) return body;
  return isRecord(body) ? (Object.values(body).find(value => Array.isArray(value)) ?? []) : [];
}

/** Whether the records of a scope tell by themselves whose they are: by its marker, or by an id the client chose. */
function isRecognisable({ operation, resource, scope }: Counted): boolean {
  return operation.marked || ownIdOf(resource, scope) !== null;
}

function ownIdOf({ id }: Resource, { values }: Scope): string | null {
  const own = id.chosenBy === 'client' ? values['id'] : undefined;
  return own === undefined || own === null || own === '' ? null : String(own);
}

function recognisableItems(items: readonly unknown[], { operation, resource, scope }: Counted): readonly unknown[] {
  const own = ownIdOf(resource, scope);
  return items.filter(
    item => (operation.marked && JSON.stringify(item).includes(scope.marker)) || (own !== null && hasLeaf(item, own)),
  );
}

/**
 * The records that were not there at the reading to count from, and that say what a seen request said: another client
 * may have made records meanwhile. Without such a reading nothing has happened yet; after one that failed (`null`)
 * nothing can be said.
 */
function newItems(items: readonly unknown[], { seen, since, resource }: Counted): readonly unknown[] | null {
  if (since === null) return seen.length === 0 ? [] : null;
  if (since.count === null) return null;
  const known = new Set(since.ids);
  const sent = seen.map(({ request }) => parsed(request.body ?? '')).filter(isRecord);
  return items.filter(
    item => !known.has(idOf(item, resource)) && (sent.length === 0 || sent.some(body => isLike(item, body))),
  );
}

/** Whether an item says nothing else than a body in the plain fields they share. */
function isLike(item: unknown, body: Readonly<Record<string, unknown>>): boolean {
  if (!isRecord(item)) return true;
  return Object.entries(body).every(
    ([name, value]) => typeof value === 'object' || !(name in item) || String(item[name]) === String(value),
  );
}

/** The id of a list item: where the spec says it stands, else a member that is usual; its whole text without any. */
function idOf(item: unknown, resource: Resource): string {
  const body = JSON.stringify(item) ?? '';
  const own = resource.id.of({ status: 200, headers: [], body, bodyEncoding: 'utf8', bodyBytes: 0, truncated: false });
  if (own !== null) return own;
  const id = isRecord(item) ? (item['id'] ?? item['uuid'] ?? item['_id']) : undefined;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : body;
}

function hasLeaf(value: unknown, text: string): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(inner => hasLeaf(inner, text));
  return String(value) === text || (typeof value === 'string' && value.endsWith(`/${text}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
