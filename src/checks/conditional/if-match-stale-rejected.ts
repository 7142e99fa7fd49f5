import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, listed, voided } from '../lib/http/statuses.js';
import {
  isSameVersion,
  neverIssued,
  holdsVersion,
  offersControl,
  refusalsOf,
  underVersion,
  versionOf,
  type Version,
} from '../lib/http/version.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { tookEffect } from '../lib/judging/took-effect.js';
import {
  currentVersion,
  drafted,
  hasRivals,
  NEXT_SECOND_MS,
  rivals,
  settle,
  writingUnder,
  type Draft,
  type Place,
} from '../lib/steps/writing.js';

export const ifMatchStaleRejected = defineCheck({
  id: 'if-match-stale-rejected',
  group: 'conditional',
  title: 'A write with an outdated version is not applied',
  severity: 'critical',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1', 'RFC 9110 section 13.2.1', 'AIP-154'],
  sends:
    'Reads a resource for its version; client A writes it; client B sends another body, or the DELETE, under the version from before; then the resource is read again. Variant never-issued: B names a version nobody was ever given. The version travels as If-Match, as the field the spec names, or as If-Unmodified-Since where there is only a Last-Modified.',
  judges:
    "Passes when B is refused with 412 (409 where the version is a field, or what the contract lists) and the state is still A's. Fails when B was applied, be it with a 2xx or behind a refusal, and when B is answered with a 500 that comes again. Warns when only a weak tag or a time is offered and B is applied, when B is refused with another status though the same write under the current version is accepted, and when B is answered with 2xx and dropped. Stays open when there is no version, or A's write does not move it.",
  expected: "412 Precondition Failed, and A's state untouched.",
  why: 'This is the lost update: B overwrites what A wrote without having seen it, and both believe that they succeeded.',
  fix: 'Compare the version in the same statement or lock as the write (UPDATE ... WHERE id = ? AND version = ?), for PUT, PATCH and DELETE alike.',
  guards: [
    'Applied means that a read shows it; a 2xx alone is no proof.',
    'A status in place of 412 is held against the API only when the same write is fine under the current version: 400, 403 and 422 may come first.',
    'What changes between two reads without a write is left out, and so are versions and times.',
    'Where the version did not move, A writes once more, a second later.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    'stale-applied': 'A write with the outdated version {version} was applied (answered with {status}).',
    'unknown-tag-applied':
      'A write with {version}, a version that was never issued, was applied (answered with {status}).',
    'refused-but-applied': 'A write with the version {version} was refused with {status}, and applied all the same.',
    'odd-status':
      'A write with the version {version} was not applied, but answered with {status} where {expected} is due.',
    crashed: 'A write with the version {version} was answered with {status}.',
  },
  notes: {
    'current-refused':
      'The current version was refused too ({status}): no write goes through under it. A weak tag never matches If-Match.',
  },
  variants: [null, 'never-issued'],

  select({ operation, resource }, variant) {
    const { role } = operation;
    if (role !== 'replace' && role !== 'update' && role !== 'delete') return skip('not a write to a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    const change = role === 'delete' ? (resource.update ?? resource.replace) : operation;
    if (change === null && variant === null) return skip('no write that would outdate a version before the DELETE');
    if (!holdsVersion(operation, resource)) {
      return skip(
        'its version is a field, and how a request without a body carries it is not said: give `version.parameter`',
      );
    }
    if (role !== 'delete' && !hasRivals(operation)) return skip('no second, different body is known for client B');
    return { operation, resource, read: resource.read, change, variant };
  },

  *probe({ operation, resource, read, change, variant }, tools) {
    const { scope } = yield* make(resource, tools);
    const place = { resource, scope };
    yield* settle(tools);
    const version = yield* currentVersion('start', place);
    if (version === null) return;
    const drafts = rivals(change ?? operation, place, tools);
    const left = change === null ? drafts[1] : yield* outdated(change, drafts, place, version, tools);
    if (left === null) return;
    yield* send('control', outgoing(read, scope));
    const stale = variant === null ? version : neverIssued(version);
    const attempt = () => drafted(operation, operation.role === 'delete' ? { scope, payload: 'body' } : left, tools);
    const b = yield* send('B', underVersion(attempt(), resource, stale));
    yield* settle(tools);
    yield* send('after B', outgoing(read, scope));
    if (isSuccess(b)) {
      yield* later('patience', tools.preflight.settleMs);
      yield* send('after B', outgoing(read, scope));
    }
    if (!isRefusal(statusOf(b) ?? 0) || refusalsOf(operation, version).includes(statusOf(b) ?? 0)) return;
    const current = yield* currentVersion('current', place);
    if (current !== null) yield* send('valid', underVersion(attempt(), resource, current));
  },

  judge(target, evidence) {
    const { resource, change, variant } = target;
    const start = lastOf(evidence, 'start');
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = versionOf(resource, start);
    if (version === null) return inconclusive('no-version');
    const state = exchangeOf(evidence, 'control');
    const open = (change === null ? null : openAfterA(evidence)) ?? voided(state) ?? needsSuccess(state);
    if (open !== null) return open;
    if (variant === null && isSameVersion(version, versionOf(resource, state))) {
      return inconclusive('control-failed', { detail: `the write of client A left the version at ${version.value}` });
    }
    return ofB(target, evidence, version);
  },

  observe({ variant }, evidence, verdict) {
    const b = exchangeOf(evidence, 'B');
    if (variant !== null || !hasAnswer(b) || verdict.verdict === 'inconclusive') return [];
    const proof = present(exchangeOf(evidence, 'start'), lastOf(evidence, 'A'), b, lastOf(evidence, 'after B'));
    if (verdict.verdict === 'pass') return [seen('outdatedWrite', b.response.status, proof)];
    const isApplied = verdict.findings.some(({ code }) => code === 'stale-applied');
    const isRefused = verdict.findings.some(({ code }) => code === 'odd-status') && isRefusal(b.response.status);
    return isApplied || isRefused ? [seen('outdatedWrite', isApplied ? 'applied' : b.response.status, proof)] : [];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'A' | 'B' | 'control' | 'after B' | 'start' | 'after A' | 'valid'>;

type Target = Pick<Subject, 'operation' | 'resource'> & {
  readonly read: Operation;
  readonly change: Operation | null;
  readonly variant: string | null;
};

type Code = 'stale-applied' | 'unknown-tag-applied' | 'refused-but-applied' | 'odd-status' | 'crashed';
type Judged = Verdict<Code, 'current-refused'>;

/**
 * Lets A write until the version has moved, at most twice: the second time a second later and with the other body.
 * Hands back the draft that is left for B; `null` when A does not get through.
 */
function* outdated(
  change: Operation,
  [first, second]: readonly [Draft, Draft],
  place: Place,
  version: Version,
  tools: Tools,
) {
  if (!isSuccess(yield* writingUnder('A', drafted(change, first, tools), place, version))) return null;
  yield* settle(tools);
  const moved = yield* currentVersion('after A', place);
  if (moved === null || !isSameVersion(moved, version)) return second;
  yield* later('next second', NEXT_SECOND_MS);
  if (!isSuccess(yield* writingUnder('A', drafted(change, second, tools), place, moved))) return null;
  yield* settle(tools);
  yield* currentVersion('after A', place);
  return first;
}

/** Why nothing can be said after A's write; `null` when it went through. */
function openAfterA(evidence: Steps) {
  const a = lastOf(evidence, 'A');
  return voided(a) ?? needsSuccess(a);
}

function ofB(target: Target, evidence: Steps, version: Version): Judged {
  const { operation, resource, variant } = target;
  const b = exchangeOf(evidence, 'B');
  if (b === undefined) return lostAnswer(b);
  const [state, after] = [exchangeOf(evidence, 'control'), lastOf(evidence, 'after B')];
  const status = statusOf(b) ?? 'nothing';
  const sent = variant === null ? version : neverIssued(version);
  const args = { version: sent.value, status };
  const proof = present(lastOf(evidence, 'start'), lastOf(evidence, 'A'), state, b, after);
  const effect = tookEffect({ operation, resource }, b, [lastOf(evidence, 'after A'), state], after);
  if (effect === 'yes') {
    if (typeof status === 'number' && isRefusal(status)) return found(fail('refused-but-applied', args, proof));
    const level = offersControl(operation, version) ? 'fail' : 'warn';
    const code = variant === null ? 'stale-applied' : 'unknown-tag-applied';
    return found(fail(code, args, proof, { level }));
  }
  if (!hasAnswer(b)) return lostAnswer(b);
  const open = voided(b) ?? (isCrash(b.response.status) ? null : (voided(after) ?? unseen(effect, after)));
  if (open !== null) return open;
  return answered(target, evidence, version, b);
}

function unseen(effect: ReturnType<typeof tookEffect>, after: Exchange | undefined) {
  if (effect === 'no') return null;
  if (!hasAnswer(after)) return lostAnswer(after);
  if (isSuccess(after)) return inconclusive('unsteady');
  return inconclusive('control-failed', { detail: `the read after the write was answered with ${statusOf(after)}` });
}

/** B was not applied: what it was answered with. */
function answered({ operation, variant }: Target, evidence: Steps, version: Version, b: Answered): Judged {
  const { status } = b.response;
  const sent = variant === null ? version : neverIssued(version);
  const expected = refusalsOf(operation, version);
  const args = { version: sent.value, status, expected: listed(expected) };
  if (isCrash(status)) return found(suspect('crashed', { version: sent.value, status }, [b]));
  if (status === 202) return inconclusive('still-pending', { waited: duration(evidence.preflight.settleMs / 1000) });
  if (expected.includes(status)) {
    const [first, second] = allOf(evidence, 'A');
    const isRefused = first !== undefined && second !== undefined && isRefusal(statusOf(first) ?? 0);
    return pass([isRefused && note('current-refused', { status: statusOf(first) ?? 0 })]);
  }
  if (!isRefusal(status)) return found(warn('odd-status', args, [b]));
  const valid = exchangeOf(evidence, 'valid');
  if (valid === undefined || !hasAnswer(valid)) return lostAnswer(valid);
  if (isSuccess(valid)) return found(warn('odd-status', args, [b, valid]));
  const detail = `the same write under the current version was answered with ${statusOf(valid)}`;
  return voided(valid) ?? inconclusive('control-failed', { detail });
}
