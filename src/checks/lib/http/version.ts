import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { header, isSuccess, withHeader, type Exchange, type Request, type Response } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import type { Outgoing, Resource, VersionCarrier } from '../../../core/resource.js';
import { isObject, jsonOf } from '../json/json.js';
import { sampleOf } from '../json/patching.js';
import { unlike } from './unlike.js';

/**
 * A version as an answer shows it. `strong`, `weak`, `malformed`: an entity tag. `field`: a member of the
 * representation, or a header of the API's own. `modified`: Last-Modified, where there is nothing better.
 */
export interface Version {
  readonly kind: 'strong' | 'weak' | 'malformed' | 'field' | 'modified';
  /** As it stands in the answer, quotes included. */
  readonly value: string;
  /** A number in the JSON it came from, to go back as one. */
  readonly isNumber: boolean;
}

/** `entity-tag` of RFC 9110 section 8.8.3; `W/` is case-sensitive. */
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\u{10ffff}]*"$/u;

/** Of the times in Date and Last-Modified. */
const GRAIN_MS = 1000;

/** Reads an entity tag as it stands in the field (RFC 9110 section 8.8.3). */
export function entityTag(value: string): Version {
  const match = ENTITY_TAG.exec(value);
  const kind = match === null ? 'malformed' : match[1] === undefined ? 'strong' : 'weak';
  return { kind, value, isNumber: false };
}

/** The entity tag of a response; `null` when it carries none. */
export function tagOf(response: Response): Version | null {
  const value = header(response, 'etag');
  return value === null ? null : entityTag(value);
}

/**
 * The version a read shows: where the resource says it stands, else the ETag, else Last-Modified. `null` when there is
 * none, or the read was no success.
 */
export function versionOf({ version }: Pick<Resource, 'version'>, read: Exchange | undefined): Version | null {
  if (read === undefined || !isSuccess(read)) return null;
  const { response } = read;
  if (version !== null && version.in !== 'header') return memberVersion(version, response);
  if (version !== null && !isTagName(version.name)) {
    const own = header(response, version.name);
    return own === null ? null : { kind: 'field', value: own, isNumber: false };
  }
  const tag = tagOf(response);
  if (tag !== null) return tag;
  const modified = header(response, 'last-modified');
  return modified === null ? null : { kind: 'modified', value: modified, isNumber: false };
}

/**
 * Whether a read shows a weak tag that may be one of the first second alone: where a tag is made of a time, a change may
 * follow within its grain, so that some servers call it strong only later (RFC 9110 section 8.8.2.2).
 */
export function isYoung(read: Exchange): boolean {
  if (!isSuccess(read) || tagOf(read.response)?.kind !== 'weak') return false;
  const [now, modified] = ['date', 'last-modified'].map(name => Date.parse(header(read.response, name) ?? ''));
  return now !== undefined && modified !== undefined && Math.abs(now - modified) <= GRAIN_MS;
}

/** Whether two tags are the same by weak comparison (RFC 9110 section 8.8.3.2); none is like none. */
export function isSameTag(one: Version | null, two: Version | null): boolean {
  return one === null || two === null ? one === two : opaque(one) === opaque(two);
}

/** What tells one state from another: the version in the representation where there is one, else the ETag. */
export function markOf({ version }: Pick<Resource, 'version'>, exchange: Exchange | undefined): Version | null {
  if (exchange === undefined || !isSuccess(exchange)) return null;
  return version?.in === 'body' ? memberVersion(version, exchange.response) : tagOf(exchange.response);
}

/** Where the version stands in a representation; empty where it is a header's. */
export function versionPath({ version }: Pick<Resource, 'version'>): readonly string[] {
  return version?.in === 'body' ? [['$', ...pathOf(version.name)].join('.')] : [];
}

/**
 * Whether a write has a place for the version: one of the representation goes back in a body. In a request without one
 * only `etag` is known to travel otherwise (AIP-135), and what the spec gives a parameter for (CouchDB has `_rev` and `rev`):
 * another would be one the API has never heard of.
 */
export function holdsVersion(operation: Operation, resource: Pick<Resource, 'version' | 'parents'>): boolean {
  const { version } = resource;
  if (version?.in !== 'body' || version.parameter !== undefined || pathOf(version.name).at(-1) === 'etag') return true;
  const sample = sampleOf(operation, resource);
  return sample === null ? operation.role !== 'delete' : sample.body !== null;
}

/** Whether two reads show the same version. */
export function isSameVersion(one: Version | null, two: Version | null): boolean {
  return one !== null && two !== null && one.kind === two.kind && one.value === two.value;
}

/** A version nobody was ever given, of the kind of a real one; in place of a time, one long before every change. */
export function neverIssued(version: Version): Version {
  switch (version.kind) {
    case 'strong':
    case 'weak':
    case 'malformed':
      return entityTag('"idem-check-nonexistent"');
    case 'field':
      return { ...version, value: unlike(version.value) };
    case 'modified':
      return { ...version, value: 'Sat, 01 Jan 2000 00:00:00 GMT' };
  }
}

/**
 * The request on the condition that the version is still the current one: If-Match for a tag, If-Unmodified-Since for
 * a time, the member or the parameter for a version of the API's own. Where no body can hold it, it travels in the query:
 * under the name the spec gives for that, and an `etag` under its own, as Google's AIP-135 has it for DELETE. For another
 * member there is no place, and the request stays as it is.
 */
export function underVersion(
  sent: Outgoing,
  { version: carrier }: Pick<Resource, 'version'>,
  version: Version,
): Outgoing {
  return { ...sent, request: conditional(sent.request, carrier, version) };
}

/**
 * Whether the API offers concurrency control: a strong tag, a version field, or If-Match, 412 or 428 in its document.
 * A weak tag (frameworks put one on everything) or a time alone is no such offer.
 */
export function offersControl({ documented, contract }: Operation, { kind }: Version): boolean {
  return (
    kind === 'strong' ||
    kind === 'field' ||
    Array.isArray(contract.etag.missing) ||
    (documented !== null &&
      (documented.requestHeaders.includes('if-match') ||
        documented.statuses.some(status => status === '412' || status === '428')))
  );
}

/** Statuses that a write with an outdated version may have: what the contract says, and 409 beside a version field. */
export function refusalsOf({ contract }: Operation, { kind }: Version): readonly number[] {
  return [...new Set([...contract.etag.mismatch, ...(kind === 'field' ? [409, 412] : [])])];
}

function opaque({ kind, value }: Version): string {
  return kind === 'weak' ? value.slice('W/'.length) : value;
}

function isTagName(name: string): boolean {
  return /^(?:etag|if-match)?$/i.test(name);
}

function memberVersion(carrier: VersionCarrier, response: Response): Version | null {
  const value = pathOf(carrier.name).reduce<unknown>(
    (holder, name) => (isObject(holder) ? holder[name] : undefined),
    jsonOf(response),
  );
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return isNumber || typeof value === 'string' ? { kind: 'field', value: String(value), isNumber } : null;
}

function conditional(request: Request, carrier: VersionCarrier | null, version: Version): Request {
  if (version.kind === 'modified') return withHeader(request, 'If-Unmodified-Since', version.value);
  if (version.kind !== 'field' || carrier === null) return withHeader(request, 'If-Match', version.value);
  if (carrier.in === 'header') return withHeader(request, carrier.name, version.value);
  const names = pathOf(carrier.name);
  const body = carrier.in === 'body' ? withMember(request, names, version) : null;
  if (body !== null) return { ...request, body };
  const name = names.at(-1) ?? carrier.name;
  const parameter = carrier.in === 'query' || name === 'etag' ? name : null;
  const given = carrier.in === 'body' ? (carrier.parameter ?? parameter) : parameter;
  return given === null ? request : withParameter(request, given, version.value);
}

function withParameter(request: Request, name: string, value: string): Request {
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${pair}` };
}

/** The body with the version in it; `null` where the request has none that could hold it. */
function withMember({ headers, body }: Request, names: readonly string[], { value, isNumber }: Version): string | null {
  if (body === null) return null;
  if (/urlencoded/i.test(header({ headers }, 'content-type') ?? '')) {
    const form = new URLSearchParams(body);
    form.set(names.at(-1) ?? '', value);
    return form.toString();
  }
  const document = parsed(body);
  if (!isObject(document)) return null;
  return stringify(placed(document, names, isNumber ? new LosslessNumber(value) : value)) ?? null;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function placed(holder: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): object {
  if (name === undefined) return holder;
  const inner = holder[name];
  const child = isObject(inner) && !isLosslessNumber(inner) ? inner : {};
  return { ...holder, [name]: rest.length === 0 ? value : placed(child, rest, value) };
}

/** A member as the spec names it: `etag`, `meta.version` or `$.meta.version`. */
function pathOf(name: string): readonly string[] {
  return name.replace(/^\$\.?/, '').split('.');
}
