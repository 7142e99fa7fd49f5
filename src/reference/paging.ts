import type { Behaviour } from './behaviour.js';
import type { Choices } from './choices.js';
import type { Incoming } from './incoming.js';
import type { Stored } from './records.js';
import { json, problem, withReplyHeader, type Reply } from './reply.js';
import type { World } from './world.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** The value that a list is asked for in a field; `null` = everything is asked for. */
export function wantedIn({ query }: Incoming, field: string, { choices }: World): string | null {
  return choices.listFilter === 'ignored' ? null : query.get(field);
}

/** A page of the records of a list, which are given oldest first. */
export function page(request: Incoming, records: readonly Stored[], world: World, behaviour: Behaviour): Reply {
  const { listCapped, listFailsEvery, listOrder, listShows, nextBy } = world.choices;
  if (listFailsEvery > 0 && world.turns.next('list') % listFailsEvery === 0) {
    return withReplyHeader(problem(503, 'unavailable', 'Not available at the moment'), 'retry-after', '1');
  }
  const limit = limitOf(request, world.choices);
  if (!Number.isInteger(limit) || limit < 1) return problem(400, 'invalid', 'limit must be a whole number above 0');
  const ordered = listOrder === 'newest-first' ? records.toReversed() : records;
  const all = listCapped === 0 ? ordered : ordered.slice(0, listCapped);
  const start = startOf(request, all, limit, nextBy);
  const items = all.slice(start, start + limit);
  const shown = items.map(record => {
    const represented = behaviour.represent(record, 'list');
    return behaviour.serialise(listShows === 'ids' ? { id: represented['id'] } : represented, 'list');
  });
  const { links = {}, members } = around(
    request,
    { start, limit, total: all.length, lastId: items.at(-1)?.id },
    nextBy,
  );
  const tail = Object.entries(members).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return { ...json(200, null, links), body: `{"items":[${shown.join(',')}]${tail.join('')}}` };
}

/** Where a page stands in its list. */
interface Place {
  readonly start: number;
  readonly limit: number;
  readonly total: number;
  readonly lastId: string | undefined;
}

function limitOf({ query }: Incoming, { pageSize }: Choices): number {
  const asked = Number(query.get('limit') ?? pageSize ?? DEFAULT_LIMIT);
  return Math.min(asked, pageSize ?? MAX_LIMIT);
}

function startOf({ query }: Incoming, all: readonly Stored[], limit: number, nextBy: Choices['nextBy']): number {
  const numberIn = (name: string, least: number) => Math.max(Number(query.get(name) ?? least) || least, least);
  if (nextBy === 'page') return (numberIn('page', 1) - 1) * limit;
  if (nextBy === 'offset') return numberIn('offset', 0);
  const after = query.get(PARAMETERS[nextBy]);
  return after === null ? 0 : all.findIndex(record => record.id === after) + 1;
}

/** The parameter that says which page of a list is asked for. */
export const PARAMETERS = {
  link: 'after',
  'link-and-after': 'after',
  url: 'after',
  cursor: 'cursor',
  page: 'page',
  offset: 'offset',
  'last-id': 'starting_after',
} as const satisfies Readonly<Record<Choices['nextBy'], string>>;

/** What an answer says around its items: links, and members beside them. */
function around(
  request: Incoming,
  { start, limit, total, lastId }: Place,
  nextBy: Choices['nextBy'],
): { readonly links?: Readonly<Record<string, string>>; readonly members: Readonly<Record<string, unknown>> } {
  const next = start + limit < total ? (lastId ?? null) : null;
  const links = next === null ? {} : { link: `<${nextPage(request, next)}>; rel="next"` };
  switch (nextBy) {
    case 'link':
      return { links, members: {} };
    case 'link-and-after':
      return { links, members: { next } };
    case 'url':
      return { members: { next: next === null ? null : nextPage(request, next) } };
    case 'cursor':
      return { members: { meta: { next } } };
    case 'page':
      return { members: { page: start / limit + 1, total_pages: Math.ceil(total / limit) } };
    case 'offset':
      return { members: { offset: start, limit, total } };
    case 'last-id':
      return { members: { has_more: next !== null } };
  }
}

function nextPage({ target, query }: Incoming, after: string): string {
  const params = new URLSearchParams(query);
  params.set('after', after);
  return `${target.split('?')[0]}?${params}`;
}
