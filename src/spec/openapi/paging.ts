import type { ListOperation } from '../../generated/spec.js';
import type { Found } from './answers.js';
import type { ApiDocument } from './document.js';
import type { ApiOperation, Parameter } from './operations.js';
import { shapeOf } from './shape.js';

type Written = Exclude<Exclude<ListOperation, string>['paging'], string | undefined>;

/** How a list is paged by the parameters of its document, and the query that makes its pages large and new. */
interface Paged {
  readonly written: Written;
  readonly query: ReadonlyMap<string, string>;
  readonly guesses: readonly Found<string>[];
}

/** What each parameter is usually called, without case, underscores and brackets. */
const NAMES = {
  cursor: ['cursor', 'pagetoken', 'nexttoken', 'nextcursor', 'startingafter', 'after', 'continuation', 'continuationtoken', 'skiptoken', 'pagecursor', 'pageafter', 'bookmark', 'marker', 'exclusivestartkey'],
  page: ['page', 'pagenumber', 'pageno', 'pagenum'],
  offset: ['offset', 'skip', 'start', 'startindex', 'pageoffset'],
  limit: ['limit', 'perpage', 'pagesize', 'pagelimit', 'top', 'maxresults', 'maxitems', 'size'],
} as const; // prettier-ignore

const SORTS = ['sort', 'sortby', 'orderby', 'order', 'sorting'];
/** Values of a sort parameter that put the newest record first. */
const NEWEST_FIRST =
  /^(-(created|creation|inserted|date|time|id\b)|(created|creation|inserted|date|id)\w*[\s:,.+_-]*desc|newest|latest|(most_?)?recent)/i;

/** No page is asked to hold more. */
const LARGEST_PAGE = 1000;

/** Reads the paging of a list out of its query parameters; `filter` is the one that takes the marker. */
export function pagedBy(document: ApiDocument, list: ApiOperation, filter: string | null): Paged {
  const parameters = list.parameters.filter(({ in: place, name }) => place === 'query' && name !== filter);
  const guesses: Found<string>[] = [];
  const query = new Map<string, string>();
  const written: Written = {};
  for (const kind of ['cursor', 'page', 'offset', 'limit'] as const) {
    const parameter = NAMES[kind].flatMap(name => parameters.filter(one => plain(one.name) === name))[0];
    if (parameter === undefined || (kind === 'page' && isText(document, parameter))) continue;
    written[kind] = parameter.name;
    guesses.push({ value: `${kind}: ${parameter.name}`, reason: 'a parameter of that name', node: parameter.node });
    const largest = kind === 'limit' ? largestOf(document, parameter) : null;
    if (largest !== null) query.set(parameter.name, String(largest));
  }
  const newest = newestIn(document, parameters);
  if (newest !== null) {
    query.set(newest.name, newest.value);
    guesses.push({ value: `?${newest.name}=${newest.value}`, reason: 'the newest come first', node: newest.node });
  }
  return { written, query, guesses };
}

function isText(document: ApiDocument, { schema }: Parameter): boolean {
  return shapeOf(document, schema).type === 'string';
}

/** The most records a page may hold, as the document says; `null` = it does not. */
function largestOf(document: ApiDocument, { schema }: Parameter): number | null {
  const { maximum } = shapeOf(document, schema).words;
  return typeof maximum === 'number' && Number.isInteger(maximum) && maximum > 0
    ? Math.min(maximum, LARGEST_PAGE)
    : null;
}

function newestIn(
  document: ApiDocument,
  parameters: readonly Parameter[],
): { readonly name: string; readonly value: string; readonly node: Parameter['node'] } | null {
  for (const { name, schema, node } of parameters.filter(one => SORTS.includes(plain(one.name)))) {
    const { enum: values } = shapeOf(document, schema).words;
    const value = Array.isArray(values) ? values.find(one => typeof one === 'string' && NEWEST_FIRST.test(one)) : null;
    if (typeof value === 'string') return { name, value, node };
  }
  return null;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}
