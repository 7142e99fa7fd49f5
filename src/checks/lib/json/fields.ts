import { header, type SentRequest } from '../../../core/http.js';
import { isObject, parseJson } from './json.js';
import { coversPath } from './paths.js';

/** A scalar of a document and where it stands (`$.a[0].b`). */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

/** Members an API may wrap a representation in. */
export const WRAPPERS: ReadonlySet<string> = new Set(['data', 'attributes', 'item', 'result', 'resource']);

const VERSION_WORDS: ReadonlySet<string> = new Set(
  'version versions rowversion revision revisions rev etag mtime history audit'.split(' '),
);

const READ_WORDS: ReadonlySet<string> = new Set(
  'view viewed hit read reader acces accessed visit visited request requested seen lookup download fetched'.split(' '),
);

const TIME_WORDS: ReadonlySet<string> = new Set(
  'at on ts time timestamp date since until seen accessed expires expiry expiration age ttl uptime'.split(' '),
);

/** Every scalar of a JSON value. */
export function leavesOf(value: unknown, path = '$'): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, `${path}[${at}]`));
  if (isObject(value)) return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${path}.${name}`));
  return value === undefined ? [] : [{ path, value }];
}

/** The fields a request writes: of a JSON body, of a form, of a JSON Patch (RFC 6902); none of any other body. */
export function fieldsIn({ headers, body }: Pick<SentRequest, 'headers' | 'body'>): readonly Leaf[] {
  if (body === null) return [];
  const type = header({ headers }, 'content-type') ?? '';
  if (/urlencoded/i.test(type)) {
    return [...new URLSearchParams(body)].map(([name, value]) => ({ path: `$.${name}`, value }));
  }
  const document = parseJson(body);
  return /json-patch/i.test(type) && Array.isArray(document) ? document.flatMap(fieldsOfPatch) : leavesOf(document);
}

/** The fields of one request that another one does not write with the same value. */
export function onlyIn(
  mine: Pick<SentRequest, 'headers' | 'body'>,
  theirs: Pick<SentRequest, 'headers' | 'body'>,
): readonly Leaf[] {
  const others = fieldsIn(theirs);
  return fieldsIn(mine).filter(
    ({ path, value }) => !others.some(one => one.path === path && isAlike(one.value, value)),
  );
}

/** Whether a place in a representation is the one that was written, or below it; seen through the usual wrappers. */
export function isFieldAt(written: string, shown: string): boolean {
  return coversPath(unwrapped(written), unwrapped(shown));
}

/** Whether a place in a representation is the one that was written, with the same index in every list. */
export function isExactly(written: string, shown: string): boolean {
  return unwrapped(shown) === unwrapped(written);
}

/** Whether a representation shows what was written at a place. */
export function shows(document: unknown, { path, value }: Leaf): boolean {
  return leavesOf(document).some(leaf => isExactly(path, leaf.path) && isAlike(leaf.value, value));
}

/** The same value, be it a number or its text: `100.5` and `"100.50"`. `null` and objects are like nothing. */
export function isAlike(one: unknown, two: unknown): boolean {
  if (!isScalar(one) || !isScalar(two)) return false;
  const [first, second] = [String(one), String(two)];
  return first === second || (first.trim() !== '' && second.trim() !== '' && Number(first) === Number(second));
}

/** Whether a field is a version, a revision, a history, or the time or author of the last change, by its name. */
export function isVersionField(path: string): boolean {
  return namesIn(path).some(name => {
    const words = wordsOf(name);
    const has = (...some: readonly string[]) => some.some(word => words.includes(word));
    if (words.some(word => VERSION_WORDS.has(word))) return true;
    const isChange = has('update', 'updated', 'modified', 'modification', 'change', 'changed', 'edited', 'written');
    const isWhen = has('at', 'on', 'by', 'time', 'date', 'timestamp', 'last');
    return (isChange && isWhen) || name === 'updated' || name === 'modified';
  });
}

/** Whether a field names the answer it stands in, by its name: such a number grows with every request. */
export function isOfAnswer(path: string): boolean {
  return /^(request|response|trace|span|correlation)_?id$/i.test(namesIn(path).at(-1) ?? '');
}

/** Whether a field counts or names reads, by its name: it may move with them (RFC 9110 section 9.2.1). */
export function isOfReads(path: string): boolean {
  return wordsOf(namesIn(path).at(-1) ?? '').some(word => READ_WORDS.has(word.replace(/s$/, '')));
}

/** Whether a field holds a time or an age, by its name. */
export function isTimeField(path: string): boolean {
  return wordsOf(namesIn(path).at(-1) ?? '').some(word => TIME_WORDS.has(word));
}

function isScalar(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function fieldsOfPatch(step: unknown): readonly Leaf[] {
  if (!isObject(step) || typeof step['path'] !== 'string') return [];
  const path = step['path']
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return leavesOf(step['value'], ['$', ...path].join('.'));
}

function unwrapped(path: string): string {
  const name = /^\$\.([^.[]+)(?=[.])/.exec(path)?.[1];
  return name !== undefined && WRAPPERS.has(name) ? unwrapped(`$${path.slice(name.length + 2)}`) : path;
}

function namesIn(path: string): readonly string[] {
  return path
    .replaceAll(/\[\d+\]/g, '')
    .split('.')
    .slice(1);
}

/** `lastUpdated_at` as `last`, `updated`, `at`. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
