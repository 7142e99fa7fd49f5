import { outgoing } from '../../core/arrange.js';
import { header, isSuccess, withHeader, type Exchange, type Request, type Response } from '../../core/http.js';
import type { Operation, Payload } from '../../core/operation.js';
import type { Outgoing, Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { send, type Probe } from '../../core/step.js';
import { isObject, jsonOf } from './json.js';

/** A version as an answer shows it. `field`: a member of the representation; `modified`: Last-Modified alone. */
export interface Version {
  readonly kind: 'strong' | 'weak' | 'malformed' | 'field' | 'modified';
  readonly value: string;
}

/** An entity tag that nobody ever issued. */
export const NEVER_ISSUED: Version = { kind: 'strong', value: '"idem-check-nonexistent"' };

/** The entity tag of a response (RFC 9110 section 8.8.3), `null` when it carries none. */
export function tagOf(response: Response): Version | null {
  const value = header(response, 'etag');
  if (value === null) return null;
  if (/^"[\x21\x23-\x7e\x80-\xff]*"$/.test(value)) return { kind: 'strong', value };
  return /^W\/"[\x21\x23-\x7e\x80-\xff]*"$/.test(value) ? { kind: 'weak', value } : { kind: 'malformed', value };
}

/** The version of a representation, by the resource's carrier or as the answer shows it; `null` when there is none. */
export function versionOf({ version }: Resource, exchange: Exchange | undefined): Version | null {
  if (exchange === undefined || !isSuccess(exchange)) return null;
  if (version !== null && version.in !== 'header') {
    const body = jsonOf(exchange.response);
    const value = isObject(body) ? body[version.name] : undefined;
    return value === undefined || value === null ? null : { kind: 'field', value: String(value) };
  }
  const tag = tagOf(exchange.response);
  if (tag !== null) return tag;
  const modified = header(exchange.response, 'last-modified');
  return modified === null ? null : { kind: 'modified', value: modified };
}

/** The request under the condition that the version is still the current one. */
export function under(request: Request, { version: carrier }: Resource, version: Version): Request {
  if (version.kind === 'modified') return withHeader(request, 'If-Unmodified-Since', version.value);
  if (version.kind !== 'field' || carrier === null) return withHeader(request, 'If-Match', version.value);
  if (carrier.in === 'query') {
    const pair = `${encodeURIComponent(carrier.name)}=${encodeURIComponent(version.value)}`;
    return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${pair}` };
  }
  const body: unknown = request.body === null ? {} : JSON.parse(request.body);
  return { ...request, body: JSON.stringify({ ...(isObject(body) ? body : {}), [carrier.name]: version.value }) };
}

/** Whether the API claims concurrency control: a strong tag, a version field, or If-Match, 412 or 428 in its document. */
export function offersControl({ documented, contract }: Operation, version: Version): boolean {
  const isDocumented =
    documented !== null &&
    (documented.requestHeaders.includes('if-match') ||
      documented.statuses.some(status => status === '412' || status === '428'));
  return version.kind === 'strong' || version.kind === 'field' || isDocumented || Array.isArray(contract.etag.missing);
}

/** What a write needs: the operation, and where the current version can be read. */
export interface Target {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly scope: Scope;
}

/** A write under a version. */
export function versioned({ operation, resource, scope }: Target, payload: Payload, version: Version): Outgoing {
  const plain = outgoing(operation, scope, { payload });
  return { ...plain, request: under(plain.request, resource, version) };
}

/**
 * Writes once with success in mind: under the current version where one is demanded, else without one; and once more
 * under it where the answer says that one is wanted (409, 412, 428). Every request stands under the label.
 */
export function* write(
  label: string,
  target: Target,
  { payload, key }: { readonly payload: Payload; readonly key: string },
): Probe<Exchange> {
  const { operation, resource, scope } = target;
  const isDemanded = Array.isArray(operation.contract.etag.missing);
  if (!isDemanded) {
    const plain = yield* send(label, outgoing(operation, scope, { payload, key }));
    const status = plain.response?.status ?? 0;
    if (resource.read === null || ![409, 412, 428].includes(status)) return plain;
  }
  const current = resource.read === null ? undefined : yield* send(`${label} version`, outgoing(resource.read, scope));
  const version = versionOf(resource, current);
  return yield* send(
    label,
    version === null ? outgoing(operation, scope, { payload, key }) : versioned(target, payload, version),
  );
}
