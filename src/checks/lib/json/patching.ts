import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { header, type Request } from '../../../core/http.js';
import { WRAPPERS } from './fields.js';
import { isObject } from './json.js';

/** Whether a request carries a JSON Patch (RFC 6902), which names steps and not members. */
export function isJsonPatch(request: Pick<Request, 'headers'>): boolean {
  return /json-patch/i.test(header(request, 'content-type') ?? '');
}

/** What may stand beside a wrapper without being a field of the record. */
const BESIDE: ReadonlySet<string> = new Set(['type', 'id', 'lid', 'meta', 'links', 'jsonapi']);

/**
 * The members that a JSON body writes with a value, below the wrappers it comes in (`{ "data": { "attributes": ... } }`);
 * `null` of RFC 7396 takes one away and shows nothing.
 */
export function membersIn({ body }: Pick<Request, 'body'>): readonly string[] {
  const document = objectIn(body);
  if (document === null) return [];
  return Object.entries(innermost(document)).flatMap(([name, value]) => (value === null ? [] : [name]));
}

/** The same request with these members of its JSON body alone, in the wrappers they came in. */
export function withOnly(request: Request, names: readonly string[]): Request {
  return { ...request, body: stringify(onlyOf(objectIn(request.body) ?? {}, names)) ?? null };
}

/** The same request with `null` in these places of its JSON body (`$.a.b`); `null` where it has none. */
export function withNull(request: Request, paths: readonly string[]): Request | null {
  const document = objectIn(request.body);
  return document === null ? null : { ...request, body: stringify(paths.reduce(nulled, document)) ?? null };
}

/** A patch of the kind of another one that takes members away: steps that remove them, or `null` (RFC 7396). */
export function takingAway(request: Request, paths: readonly string[]): Request {
  if (isJsonPatch(request)) {
    const steps = paths.map(path => ({ op: 'remove', path: `/${namesOf(path).join('/')}` }));
    return { ...request, body: JSON.stringify(steps) };
  }
  return { ...request, body: stringify(paths.reduce(nulled, onlyOf(objectIn(request.body) ?? {}, []))) ?? null };
}

function nulled(document: Record<string, unknown>, path: string): Record<string, unknown> {
  const [name, ...rest] = namesOf(path);
  if (name === undefined) return document;
  if (rest.length === 0) return { ...document, [name]: null };
  const inner = document[name];
  return { ...document, [name]: nulled(isObject(inner) ? inner : {}, ['$', ...rest].join('.')) };
}

/** The members that lead to a place, as far as no list is on the way. */
function namesOf(path: string): readonly string[] {
  return path.split('[')[0]?.split('.').slice(1) ?? [];
}

function innermost(document: Record<string, unknown>): Record<string, unknown> {
  const wrapper = wrapperOf(document);
  return wrapper === null ? document : innermost(wrapper.inner);
}

function onlyOf(document: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const wrapper = wrapperOf(document);
  if (wrapper !== null) return { ...document, [wrapper.name]: onlyOf(wrapper.inner, names) };
  return Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name)));
}

function wrapperOf(document: Record<string, unknown>) {
  const [own, ...others] = Object.entries(document).filter(([name]) => !BESIDE.has(name));
  if (own === undefined || others.length > 0) return null;
  const [name, inner] = own;
  return WRAPPERS.has(name) && isObject(inner) && !isLosslessNumber(inner) ? { name, inner } : null;
}

function objectIn(body: string | null): Record<string, unknown> | null {
  try {
    const document = parse(body ?? '');
    return isObject(document) && !isLosslessNumber(document) ? document : null;
  } catch {
    return null;
  }
}
