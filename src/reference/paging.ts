import type { Behaviour } from './behaviour.js';
import type { Incoming } from './incoming.js';
import type { Stored } from './records.js';
import { json, problem, type Reply } from './reply.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** A page of records, oldest first: `limit` items after the one whose id is `after`. */
export function page(request: Incoming, records: readonly Stored[], behaviour: Behaviour): Reply {
  const limit = Number(request.query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1) return problem(400, 'invalid', 'limit must be a whole number above 0');
  const after = request.query.get('after');
  const start = after === null ? 0 : records.findIndex(record => record.id === after) + 1;
  const items = records.slice(start, start + Math.min(limit, MAX_LIMIT));
  const next = start + items.length < records.length ? (items.at(-1)?.id ?? null) : null;
  const links = next === null ? {} : { link: `<${nextPage(request, next)}>; rel="next"` };
  const shown = items.map(record => behaviour.serialise(behaviour.represent(record, 'list'), 'list'));
  return { ...json(200, null, links), body: `{"items":[${shown.join(',')}],"next":${JSON.stringify(next)}}` };
}

function nextPage({ target, query }: Incoming, after: string): string {
  const params = new URLSearchParams(query);
  params.set('after', after);
  return `${target.split('?')[0]}?${params}`;
}
