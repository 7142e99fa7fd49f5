import { isMembers } from './answer.js';

/** One scalar of a list answer beside its items, its name without case, underscores and the like. */
interface Word {
  readonly name: string;
  /** As the answer writes it. */
  readonly written: string;
  readonly value: string | number | boolean | null;
  /** The names of the members around it, plain as `name` is. */
  readonly within: readonly string[];
}

/** What an answer says by itself of the page after it. */
export type Said =
  | { readonly kind: 'link'; readonly text: string }
  /** A token, and the parameter that usually takes one of its name. */
  | { readonly kind: 'token'; readonly text: string; readonly parameter: string | null; readonly isEndless?: boolean }
  | { readonly kind: 'query'; readonly query: Readonly<Record<string, string>> }
  | { readonly kind: 'page'; readonly number: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'end' };

/** Numbers an answer tells of its pages; absent = it does not. */
export interface Numbers {
  /** Records in all. */
  readonly total?: number;
  /** `total` may as well be the number of records on this page. */
  readonly isTotalDoubtful?: boolean;
  readonly limit?: number;
  readonly offset?: number;
  /** The parameter an offset of that name goes into. */
  readonly offsetName?: string;
  readonly page?: number;
  readonly pages?: number;
}

const DEEPEST = 4;
const LINKS = ['next', 'nexturl', 'nextlink', 'odatanextlink', 'nexturi', 'nexthref', 'nextpage', 'nextpageurl', 'nextpageuri', 'nextpagelink', 'nextpagehref'] as const; // prettier-ignore
const MORE = ['hasmore', 'hasnext', 'hasnextpage', 'hasmoreitems', 'hasmorepages', 'hasmoreresults', 'more', 'moreavailable', 'istruncated']; // prettier-ignore
const LAST = ['last', 'islast', 'islastpage', 'lastpage', 'isend', 'endoflist'];
const TOTALS = ['total', 'totalcount', 'totalitems', 'totalelements', 'totalresults', 'totalrecords', 'totalhits', 'recordstotal', 'itemcount', 'odatacount', 'count']; // prettier-ignore
const LIMITS = ['limit', 'perpage', 'pagesize', 'pagelimit', 'maxresults', 'itemsperpage'];
const PAGES = ['totalpages', 'pagestotal', 'pagecount', 'numpages', 'lastpage', 'pages', 'maxpage'];
const AT_PAGE = ['page', 'currentpage', 'pagenumber', 'pagenum', 'pageno', 'pageindex'];
/** Names that are the number of a page only beside a number of pages. */
const AT_PAGE_OF = ['number', 'current'];

/** Tokens by the plain name of their member, and the parameter each usually goes back in. */
const TOKENS: Readonly<Record<string, readonly [snake: string, camel: string]>> = {
  nextpagetoken: ['page_token', 'pageToken'],
  nexttoken: ['next_token', 'nextToken'],
  nextcursor: ['cursor', 'cursor'],
  nextpagecursor: ['cursor', 'cursor'],
  cursornext: ['cursor', 'cursor'],
  endcursor: ['after', 'after'],
  continuationtoken: ['continuation_token', 'continuationToken'],
  nextcontinuationtoken: ['continuation_token', 'continuationToken'],
  continuation: ['continuation', 'continuation'],
  continue: ['continue', 'continue'],
  nextmarker: ['marker', 'marker'],
  nextkey: ['next_key', 'nextKey'],
  lastevaluatedkey: ['exclusive_start_key', 'exclusiveStartKey'],
  startingafter: ['starting_after', 'startingAfter'],
  nextstartingafter: ['starting_after', 'startingAfter'],
  nextafter: ['after', 'after'],
  after: ['after', 'after'],
  skiptoken: ['$skiptoken', '$skiptoken'],
  nextskiptoken: ['$skiptoken', '$skiptoken'],
  paginationtoken: ['pagination_token', 'paginationToken'],
  bookmark: ['bookmark', 'bookmark'],
  scrollid: ['scroll_id', 'scrollId'],
  cursor: ['cursor', 'cursor'],
};
/** Those that stand on the last page too. */
const ENDLESS = new Set(['endcursor', 'after', 'bookmark', 'scrollid', 'cursor']);

/** The scalars of a list answer, outside its arrays. */
export function wordsIn(body: unknown): readonly Word[] {
  return isMembers(body) ? collected(body, []) : [];
}

function collected(members: Readonly<Record<string, unknown>>, within: readonly string[]): readonly Word[] {
  return Object.entries(members).flatMap(([written, value]): readonly Word[] => {
    const name = plain(written);
    if (isMembers(value)) return within.length >= DEEPEST ? [] : collected(value, [...within, name]);
    if (value !== null && typeof value === 'object') return [];
    return value === undefined ? [] : [{ name, written, value: value as Word['value'], within }];
  });
}

/** What an answer says of the next page by its members; `null` = nothing. */
export function saidIn(words: readonly Word[]): Said | null {
  const links = words.flatMap(word => linkIn(word, words) ?? []);
  const link = links.find(({ kind }) => kind === 'link') ?? links.find(({ kind }) => kind !== 'end');
  if (link !== undefined) return link;
  const flags = words.flatMap(flagIn);
  const tokens = words.flatMap(word => tokenIn(word) ?? []);
  const token = tokens.find(({ kind }) => kind !== 'end');
  const isOver = flags.includes(false) || links.length > 0;
  const isEndless = token?.kind === 'token' && token.isEndless === true;
  if (token !== undefined && !(isEndless && isOver)) return token;
  if (flags.includes(true)) return { kind: 'more' };
  return isOver || tokens.length > 0 ? { kind: 'end' } : null;
}

/** What a member that names the next page says. */
function linkIn({ name, written, value, within }: Word, words: readonly Word[]): Said | null {
  const around = within.at(-1) ?? '';
  if (LINKS.some(link => link === around))
    return inNext(
      words.filter(word => word.within === within),
      name,
      value,
    );
  if (!LINKS.some(link => link === name)) return null;
  if (value === null || value === false || value === '') return { kind: 'end' };
  if (value === true) return { kind: 'more' };
  if (typeof value === 'number') return { kind: 'page', number: value };
  if (isAddress(value)) return { kind: 'link', text: value };
  if (name === 'nextpage' && /^\d+$/.test(value)) return { kind: 'page', number: Number(value) };
  return { kind: 'token', text: value, parameter: /page/i.test(written) ? 'page_token' : null };
}

/** A next page given as an object: its address, or the parameters it is asked with. */
function inNext(words: readonly Word[], name: string, value: Word['value']): Said | null {
  const isLink = (one: string) => ['href', 'url', 'uri', 'link'].includes(one);
  if (isLink(name)) return typeof value === 'string' && value !== '' ? { kind: 'link', text: value } : { kind: 'end' };
  if (words.some(word => isLink(word.name))) return null;
  const query = words.flatMap(word => (word.value === null ? [] : [[word.written, String(word.value)] as const]));
  return { kind: 'query', query: Object.fromEntries(query) };
}

function tokenIn({ name, written, value, within }: Word): Said | null {
  const pair = TOKENS[name];
  if (pair === undefined || typeof value === 'boolean') return null;
  if (name === 'after' && !within.some(around => /cursor|paging|pagination|page|meta/.test(around))) return null;
  if (value === null || value === '') return { kind: 'end' };
  const text = String(value);
  if (isAddress(text)) return { kind: 'link', text };
  return { kind: 'token', text, parameter: pair[written.includes('_') ? 0 : 1], isEndless: ENDLESS.has(name) };
}

/** Whether a member says that there is more, or that there is none. */
function flagIn({ name, value }: Word): readonly boolean[] {
  if (typeof value !== 'boolean') return [];
  if (MORE.includes(name)) return [value];
  return LAST.includes(name) ? [!value] : [];
}

/** The numbers an answer tells of its pages. */
export function numbersIn(words: readonly Word[]): Numbers {
  const first = (names: readonly string[]) =>
    names.flatMap(name => words.filter(word => word.name === name && numberOf(word.value) !== null))[0];
  const total = first(TOTALS);
  const pages = numberOf(first(PAGES)?.value);
  const offset = first(['offset', 'skip', 'start', 'startindex', 'from']);
  return compact({
    total: numberOf(total?.value),
    isTotalDoubtful: total?.name === 'count' || total?.name === 'itemcount' ? true : null,
    limit: numberOf(first(LIMITS)?.value),
    offset: numberOf(offset?.value),
    offsetName: offset?.written ?? null,
    page: numberOf(first(pages === null ? AT_PAGE : [...AT_PAGE, ...AT_PAGE_OF])?.value),
    pages,
  });
}

function compact(numbers: { readonly [Name in keyof Numbers]-?: Numbers[Name] | null }): Numbers {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== null));
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}

/** Whether a text is an address: a URL, a path, or a query. */
export function isAddress(text: string): boolean {
  return (
    /^(https?:\/\/|\/|\.\.?\/|\?)/i.test(text) || /^[\w$[\].~-]+(\/[\w$[\].~-]+)*\?[\w$]/.test(text) || isQuery(text)
  );
}

/** A query without its question mark: `cursor=abc&limit=50`; a token that ends in `=` is none. */
export function isQuery(text: string): boolean {
  return /^[A-Za-z_$][\w$[\].-]*=[^=&][^=&]*(&[\w$[\].-]+=[^&]*)*$/.test(text);
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '');
}
