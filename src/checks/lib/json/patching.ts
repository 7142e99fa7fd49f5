import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { header, type Request } from '../../../core/http.js';
import type { Operation, Payload } from '../../../core/operation.js';
import type { Resource } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { WRAPPERS } from './fields.js';
import { isObject } from './json.js';

/**
 * What an operation would send, filled with stand-ins: to see its shape before anything exists. `null` where it needs a
 * value that only an earlier answer gives.
 */
export function sampleOf(operation: Operation, { parents }: Pick<Resource, 'parents'>, payload: Payload = 'body') {
  const ids = ['id', ...parents.map(({ name }) => `${name}.id`)].map(name => [name, '0']);
  const scope: Scope = { marker: 'm', uuid: 'u', int: 0, now: '', values: Object.fromEntries(ids) };
  try {
    return operation.build(scope, payload);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

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
