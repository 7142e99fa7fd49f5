import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, withHeader, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Outgoing } from '../../core/resource.js';
import { send } from '../../core/step.js';
import {
  fail,
  inconclusive,
  note,
  pass,
  suspect,
  warn,
  type Finding,
  type Note,
  type Verdict,
} from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import {
  isSameVersion,
  isYoung,
  neverIssued,
  offersControl,
  refusalsOf,
  tagOf,
  underVersion,
  versionOf,
  type Version,
} from '../lib/http/version.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { tookEffect } from '../lib/judging/took-effect.js';
import { currentVersion, drafted, rivals, settle } from '../lib/steps/writing.js';

export const ifMatchCurrentAccepted = defineCheck({
  id: 'if-match-current-accepted',
  group: 'conditional',
  title: 'The version that the API itself issued can be used for a write',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1', 'RFC 9110 section 8.8.3.2'],
  sends:
    'Reads a resource for its version, writes it under that version, and reads it again; then another write under a version nobody was ever given, which shows that the condition is looked at. A refusal is followed by a second read and a second try, and by the same write without a version. Variant any: the write carries If-Match: *. Variant gzip: the tag is that of a read with Accept-Encoding: gzip.',
  judges:
    'Passes when the write is answered with 2xx and seen in the state, and the one under an unknown version is refused. Fails when the current version is refused and is still the current one, and when the write crashes, again on a fresh resource. Warns when the version is a weak tag or a time and is refused, when a weak tag is matched though If-Match compares strongly (not where the contract says that weak comparison is meant), when If-Match: * is refused though the resource is there, and when the tag of a compressed answer is refused. Stays open when the unknown version is accepted too: then if-match-stale-rejected has the word.',
  expected: '2xx, and the change in the state.',
  why: 'A client that reads a version, sends it back and is refused cannot write at all, or learns to leave the version out and overwrites the work of others.',
  fix: 'Compare If-Match with the very tag that GET gives out; issue strong tags, and keep a proxy that compresses from weakening or renaming them. Let * match whatever is there.',
  guards: [
    'A weak tag of what changed within the last second is read again a second later: some servers make it strong only then.',
    'A refusal counts only when a second read shows the same version, and it is refused again.',
    'Where the refusal is no 412 (nor what the contract lists), the same write must be fine without a version.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again and the write without a version does not crash.',
  ],
  messages: {
    'current-refused': 'A write under the current version {version} was refused with {status}.',
    'weak-unusable':
      'The API issues the weak tag {version} and refuses a write under it with {status}: a weak tag never matches If-Match.',
    'weak-matched': 'A write under the weak tag {version} was accepted: If-Match must compare strongly.',
    'any-refused': 'A write with If-Match: * was refused with {status}, though the resource is there.',
    'gzip-tag-refused':
      'A write under {version}, the tag of the answer to Accept-Encoding: gzip, was refused with {status}.',
    crashed: 'A write under the version {version} was answered with {status}.',
  },
  notes: {
    'weak-at-first':
      'Straight after a change the tag is weak ({tag}), and a weak tag never matches If-Match; a second later it is strong.',
  },
  variants: [null, 'any', 'gzip'],

  select({ operation, resource }, variant) {
    const { role } = operation;
    if (role !== 'replace' && role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    const { version } = resource;
    if (variant !== null && version !== null && version.in !== 'header') return skip('the version is no entity tag');
    return { operation, resource, read: resource.read, variant };
  },

  *probe({ operation, resource, read, variant }, tools) {
    const { scope } = yield* make(resource, tools);
    yield* settle(tools);
    const look = outgoing(read, scope);
    yield* currentVersion('before', { resource, scope });
    const start = yield* send('start', variant === 'gzip' ? gzipped(look) : look);
    const version = versionIn({ resource, variant }, start);
    if (version === null) return;
    if (variant === 'gzip') yield* send('before', look);
    const [draft, other] = rivals(operation, { resource, scope }, tools);
    const under = (named: Version) =>
      underVersion(drafted(operation, draft, tools), resource, variant === 'any' ? { ...named, value: '*' } : named);
    const write = yield* send('write', under(version));
    yield* settle(tools);
    if (isSuccess(write)) {
      yield* send('after', look);
      yield* send('unknown', underVersion(drafted(operation, other, tools), resource, neverIssued(version)));
      return;
    }
    const again = versionIn({ resource, variant }, yield* send('again', variant === 'gzip' ? gzipped(look) : look));
    if (again !== null && isRefusal(statusOf(write) ?? 0)) yield* send('write again', under(again));
    yield* send('plain', drafted(operation, draft, tools));
  },

  judge(target, evidence) {
    const start = exchangeOf(evidence, 'start');
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = versionIn(target, start);
    if (version === null) return inconclusive('no-version');
    const write = exchangeOf(evidence, 'write');
    if (!hasAnswer(write)) return lostAnswer(write);
    const { status } = write.response;
    if (isSuccess(write)) return accepted(target, evidence, version, write);
    if (voided(write) !== null) return voided(write) ?? lostAnswer(write);
    if (isCrash(status)) return crashed(target, evidence, version, write);
    if (isRefusal(status)) return refused(target, evidence, version, write);
    return inconclusive('control-failed', { detail: `the write was answered with ${status}` });
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after' | 'unknown' | 'start' | 'before' | 'again' | 'write again' | 'plain'>;

type Target = Pick<Subject, 'operation' | 'resource'> & { readonly read: Operation; readonly variant: string | null };
type Code = 'current-refused' | 'weak-unusable' | 'weak-matched' | 'any-refused' | 'gzip-tag-refused' | 'crashed';
type Judged = Verdict<Code, 'weak-at-first'>;

function gzipped(look: Outgoing): Outgoing {
  return { ...look, request: withHeader(look.request, 'Accept-Encoding', 'gzip') };
}

/** The version to write under; for the variants nothing but an entity tag will do. */
function versionIn(
  { resource, variant }: Pick<Target, 'resource' | 'variant'>,
  read: Parameters<typeof versionOf>[1],
): Version | null {
  const version = versionOf(resource, read);
  if (variant === null || read === undefined || !isSuccess(read)) return version;
  const tag = tagOf(read.response);
  return tag !== null && isSameVersion(tag, version) ? version : null;
}

/** The first read, where its tag was waited for to grow strong. */
function weakAtFirst(read: Exchange | undefined): Note<'weak-at-first'> | false {
  return (
    read !== undefined &&
    isSuccess(read) &&
    isYoung(read) &&
    note('weak-at-first', { tag: tagOf(read.response)?.value ?? '' })
  );
}

function sentAs({ variant }: Target, { value }: Version): string {
  return variant === 'any' ? '*' : value;
}

function accepted(target: Target, evidence: Steps, version: Version, write: Answered): Judged {
  const { operation, variant } = target;
  const [after, unknown] = [exchangeOf(evidence, 'after'), exchangeOf(evidence, 'unknown')];
  if (write.response.status === 202) {
    return inconclusive('still-pending', { waited: duration(evidence.preflight.settleMs / 1000) });
  }
  const unusable = voided(after, unknown) ?? needsSuccess(after);
  if (unusable !== null) return unusable;
  if (!hasAnswer(unknown)) return lostAnswer(unknown);
  if (!isRefusal(unknown.response.status)) {
    const detail = `a write under a version that was never issued was answered with ${unknown.response.status}`;
    return inconclusive('control-failed', { detail });
  }
  if (variant === null && version.kind === 'weak' && operation.contract.etag.comparison === 'strong') {
    return found(warn('weak-matched', { version: version.value }, present(write, unknown)));
  }
  const [early, late = exchangeOf(evidence, 'start')] = allOf(evidence, 'before');
  const effect = tookEffect(target, write, [early, late], after);
  if (effect === 'yes') return pass([variant === null && weakAtFirst(early)]);
  return effect === 'no' ? inconclusive('no-effect') : inconclusive('unsteady');
}

function refused(target: Target, evidence: Steps, version: Version, write: Answered): Judged {
  const { operation } = target;
  const { status } = write.response;
  const [again, second, plain] = [
    exchangeOf(evidence, 'again'),
    exchangeOf(evidence, 'write again'),
    lastOf(evidence, 'plain'),
  ];
  const unusable = voided(again, second) ?? needsSuccess(again);
  if (unusable !== null) return unusable;
  if (!isSameVersion(versionIn(target, again), version)) return inconclusive('unsteady');
  if (!hasAnswer(second)) return lostAnswer(second);
  if (!isRefusal(second.response.status)) return inconclusive('unsteady');
  if (!isOfTheVersion(operation, version, status)) {
    if (!hasAnswer(plain)) return lostAnswer(plain);
    if (!isSuccess(plain)) {
      const detail = `the write was refused with ${status}, and without a version answered with ${statusOf(plain)}`;
      return voided(plain) ?? inconclusive('control-failed', { detail });
    }
  }
  const args = { version: sentAs(target, version), status };
  const proof = present(exchangeOf(evidence, 'start'), write, again, second);
  return ofGzip(target, evidence) ?? found(refusal(target, version, args, proof));
}

/** Whether a refusal speaks of the version and of nothing else. A 409 may speak of the state the resource is in. */
function isOfTheVersion(operation: Operation, version: Version, status: number): boolean {
  return status !== 409 && refusalsOf(operation, version).includes(status);
}

/** A compressed answer's tag says something of its own only where the tag of the plain one is strong. */
function ofGzip({ resource, variant }: Target, evidence: Steps): Judged | null {
  if (variant !== 'gzip' || versionOf(resource, lastOf(evidence, 'before'))?.kind === 'strong') return null;
  return inconclusive('control-failed', { detail: 'the tag of the uncompressed answer is no strong one either' });
}

function refusal(
  { operation, variant }: Target,
  version: Version,
  args: { readonly version: string; readonly status: number },
  proof: Parameters<typeof warn>[2],
): Finding<Code> {
  if (variant === 'any') return warn('any-refused', args, proof);
  if (variant === 'gzip') return warn('gzip-tag-refused', args, proof);
  if (version.kind === 'weak' && operation.contract.etag.comparison === 'strong') {
    return warn('weak-unusable', args, proof);
  }
  const isOdd = version.kind === 'modified' || version.kind === 'malformed';
  const isMeant = version.kind === 'weak' || (!isOdd && offersControl(operation, version));
  return fail('current-refused', args, proof, { level: isMeant ? 'fail' : 'warn' });
}

function crashed(target: Target, evidence: Steps, version: Version, write: Answered): Judged {
  const plain = exchangeOf(evidence, 'plain');
  if (!hasAnswer(plain)) return lostAnswer(plain);
  const { status } = plain.response;
  if (isCrash(status)) {
    return inconclusive('control-failed', { detail: `without a version the write was answered with ${status} too` });
  }
  const args = { version: sentAs(target, version), status: write.response.status };
  return voided(plain) ?? found(suspect('crashed', args, present(write, plain)));
}
