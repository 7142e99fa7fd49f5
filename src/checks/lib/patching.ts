import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { header, type Request } from '../../core/http.js';
import type { Operation, Payload } from '../../core/operation.js';
import type { Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
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

/** The top-level members that a JSON body writes with a value; `null` of RFC 7396 takes one away and shows nothing. */
export function membersIn({ body }: Pick<Request, 'body'>): readonly string[] {
  const document = objectIn(body);
  return document === null ? [] : Object.entries(document).flatMap(([name, value]) => (value === null ? [] : [name]));
}

/** The same request with these top-level members of its JSON body alone. */
export function withOnly(request: Request, names: readonly string[]): Request {
  const document = objectIn(request.body) ?? {};
  const kept = Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name)));
  return { ...request, body: stringify(kept) ?? null };
}

function objectIn(body: string | null): Record<string, unknown> | null {
  try {
    const document = parse(body ?? '');
    return isObject(document) && !isLosslessNumber(document) ? document : null;
  } catch {
    return null;
  }
}
