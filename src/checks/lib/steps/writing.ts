import { outgoing } from '../../../core/arrange.js';
import type { Tools } from '../../../core/check.js';
import { isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import type { Operation, Payload } from '../../../core/operation.js';
import type { Outgoing, Resource } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { later, send, type Probe } from '../../../core/step.js';
import { fieldsIn, onlyIn } from '../json/fields.js';
import { holdsVersion, isYoung, underVersion, versionOf, type Version } from '../http/version.js';

/** Statuses that say a version is wanted (RFC 9110 section 15.5.10, RFC 6585 section 3, AIP-154). */
const WANTED: readonly number[] = [400, 409, 412, 428];

/** A second is the grain of Last-Modified and of many a tag; a little more, so that the next one has begun. */
export const NEXT_SECOND_MS = 1100;

/** A resource that was made, as an operation meets it. */
export interface Place {
  readonly resource: Resource;
  readonly scope: Scope;
}

/** One way of writing: which payload, filled from which scope. */
export interface Draft {
  readonly scope: Scope;
  readonly payload: Payload;
}

/** Waits until what was written can be read: three times the lag that the preflight measured. */
export function* settle({ preflight }: Tools): Probe<number, never> {
  return yield* later('settle', Math.max(3 * preflight.lagMs, 100));
}

/**
 * Reads the resource for its current version; `null` when it cannot be read or shows none. A tag that may be weak in its
 * first second alone is read again when that is over: what holds for a weak one would not hold for the API.
 */
export function* currentVersion<const Label extends string>(
  label: Label,
  { resource, scope }: Place,
  round = 0,
): Probe<Version | null, Label> {
  if (resource.read === null) return null;
  const look = outgoing(resource.read, scope);
  const read = yield* send(label, look, round);
  const version = versionOf(resource, read);
  if (version?.kind !== 'weak' || !isYoung(read)) return version;
  yield* later('next second', NEXT_SECOND_MS);
  return versionOf(resource, yield* send(label, look, round));
}

/** How a write that may want a version is sent. */
interface Manner {
  readonly round?: number;
  /** Answers that are taken for "a version is wanted". */
  readonly wanted?: readonly number[];
}

/** The labels of a write that may want a version. */
export type Written<Label extends string> = Label | `${Label} version`;

/** A write that was tried: the answer that counts, and the version it went out with. */
export interface Attempt {
  readonly exchange: Exchange;
  readonly version: Version | null;
}

/**
 * Sends a write that is meant to succeed: without a version, unless the contract demands one; and once more with the
 * current one where the answer says that one is wanted. Every try stands under the label; the version is read under
 * `<label> version`.
 */
export function* attempt<const Label extends string>(
  label: Label,
  sent: Outgoing,
  place: Place,
  { round = 0, wanted = WANTED }: Manner = {},
): Probe<Attempt, Written<Label>> {
  const isDemanded = Array.isArray(sent.operation.contract.etag.missing);
  const plain = isDemanded ? null : yield* send(label, sent, round);
  if (plain !== null && !wanted.includes(statusOf(plain) ?? 0)) return { exchange: plain, version: null };
  const version = yield* currentVersion(`${label} version`, place, round);
  if (version === null || !holdsVersion(sent.operation, place.resource)) {
    return { exchange: plain ?? (yield* send(label, sent, round)), version: null };
  }
  return { exchange: yield* send(label, underVersion(sent, place.resource, version), round), version };
}

/** The same, where nobody asks which version it went out with. */
export function* writing<const Label extends string>(
  label: Label,
  sent: Outgoing,
  place: Place,
  manner: Manner = {},
): Probe<Exchange, Written<Label>> {
  return (yield* attempt(label, sent, place, manner)).exchange;
}

/** Sends a write under a version; once more without one where that is refused, as a weak tag must be (RFC 9110 section 13.1.1). */
export function* writingUnder<const Label extends string>(
  label: Label,
  sent: Outgoing,
  { resource }: Place,
  version: Version,
): Probe<Exchange, Label> {
  const conditional = yield* send(label, underVersion(sent, resource, version));
  return isSuccess(conditional) ? conditional : yield* send(label, sent);
}

/** Whether two writes of an operation can be told apart in the state. */
export function hasRivals({ payloads, marked }: Operation): boolean {
  return payloads.has('changed') || marked;
}

/**
 * Two different writes to one resource: its two payloads, else one of them with a marker of its own. The first says something
 * else than the create did: a write that changes nothing may move no version, and be answered as such.
 */
export function rivals(operation: Operation, { resource, scope }: Place, tools: Tools): readonly [Draft, Draft] {
  const body: Draft = { scope, payload: 'body' };
  const other: Draft = operation.payloads.has('changed')
    ? { scope, payload: 'changed' }
    : { ...body, scope: remarked(scope, tools) };
  return isAsCreated(resource, scope, operation, other) ? [body, other] : [other, body];
}

/** Whether a write says nothing but what the create of its resource said. */
function isAsCreated({ create }: Resource, scope: Scope, operation: Operation, draft: Draft): boolean {
  if (create === null) return false;
  const { request } = outgoing(operation, draft.scope, { payload: draft.payload });
  return fieldsIn(request).length > 0 && onlyIn(request, outgoing(create, scope).request).length === 0;
}

/** The same resource with another marker, uuid and int to write. */
export function remarked(scope: Scope, tools: Tools): Scope {
  return { ...tools.fresh(), values: scope.values };
}

/** The request of a draft, with a key of its own where the operation takes one. */
export function drafted(operation: Operation, { scope, payload }: Draft, tools: Tools): Outgoing {
  return outgoing(operation, scope, { payload, key: tools.key() });
}
