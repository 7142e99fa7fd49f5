import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Resource } from '../../core/resource.js';
import { later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, listed, voided } from '../lib/http/statuses.js';
import { underVersion, versionOf } from '../lib/http/version.js';
import { isExactly, leavesOf, onlyIn, shows } from '../lib/json/fields.js';
import { jsonOf } from '../lib/json/json.js';
import { found } from '../lib/judging/found.js';
import { shown } from '../lib/judging/refused.js';
import { tookEffect } from '../lib/judging/took-effect.js';
import { currentVersion, drafted, hasRivals, rivals, settle, writing } from '../lib/steps/writing.js';

/** Answers to a write without a version that are usual, where nothing is declared. */
const USUAL: readonly number[] = [428];

export const preconditionRequired = defineCheck({
  id: 'precondition-required',
  group: 'conditional',
  title: 'A write without a version does not silently overwrite',
  severity: 'medium',
  basis: 'should',
  refs: ['RFC 6585 section 3', 'RFC 6585 section 7.1', 'AIP-154'],
  sends:
    "Reads a resource for its version; client A writes it; client B, who has not seen A's change, sends another body (or the DELETE) without any version; then the resource is read again. A refusal is followed by the same write under the current version.",
  judges:
    "Passes when B is refused with 428, or with a status the contract lists, and A's state is untouched. Fails when a version is declared to be required and B was applied. Warns when nothing is declared and B was applied: a lost update is possible. Warns too where the resource shows no version at all and the change of A is gone after B's: then no client can see that it was. Stays open when there is neither. Does not apply where the contract permits such writes, nor to a DELETE, unless a 428 is documented for it or the spec says how it carries a version.",
  expected: '428 Precondition Required, and nothing overwritten.',
  why: 'Versions protect only as long as every client sends them: one that does not overwrites what the others wrote.',
  fix: 'Answer a PUT, PATCH or DELETE without If-Match with 428, and say in the document that it is required.',
  guards: [
    '428 is optional in HTTP (RFC 6585): without a declaration it is a warning.',
    'Applied means that a read shows it; a 2xx alone is no proof.',
    'A 400, 409 or 412 counts as a demand only when the same write is fine under the current version.',
  ],
  messages: {
    'overwritten-silently':
      "A write without a version was answered with {status} and overwrote another client's change.",
    'edits-lost':
      "Of two people who edit at once, the first one's change is lost without a word (shown: {path} was {before}, and is {after}). It offers no version (ETag, If-Match).",
    'not-demanded':
      'A version is declared to be required ({expected} without one), but a write without one was applied (answered with {status}).',
  },

  select({ operation, resource }) {
    const { role, contract } = operation;
    if (role !== 'replace' && role !== 'update' && role !== 'delete') return skip('not a write to a resource');
    if (contract.etag.missing === 'permitted') return skip('the contract permits writes without a version');
    if (role === 'delete' && !isDeleteAsked(resource, operation)) {
      return skip('a DELETE, of which nobody says that it demands a version');
    }
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    if (role !== 'delete' && !hasRivals(operation)) return skip('no second, different body is known for client B');
    return { operation, resource, read: resource.read, change: role === 'delete' ? null : operation };
  },

  *probe({ operation, resource, read, change }, tools) {
    const { scope } = yield* make(resource, tools);
    const place = { resource, scope };
    yield* settle(tools);
    if ((yield* currentVersion('start', place)) === null) {
      const start = yield* send('start', outgoing(read, scope));
      if (!isSuccess(start) || change === null || namesVersion(start)) return;
    }
    const [first, second] = rivals(operation, place, tools);
    if (change !== null) {
      if (!isSuccess(yield* writing('A', drafted(change, first, tools), place))) return;
      yield* settle(tools);
    }
    yield* send('after A', outgoing(read, scope));
    yield* send('control', outgoing(read, scope));
    const attempt = () => drafted(operation, second, tools);
    const b = yield* send('B', attempt());
    yield* settle(tools);
    yield* send('after B', outgoing(read, scope));
    if (isSuccess(b)) {
      yield* later('patience', tools.preflight.settleMs);
      yield* send('after B', outgoing(read, scope));
    }
    if (!isRefusal(statusOf(b) ?? 0)) return;
    const current = yield* currentVersion('current', place);
    if (current !== null) yield* send('valid', underVersion(attempt(), resource, current));
  },

  judge(target, evidence) {
    const { resource, change } = target;
    const start = lastOf(evidence, 'start');
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    if (versionOf(resource, start) === null) return lostEdit(evidence) ?? inconclusive('no-version');
    const [a, state, b] = [lastOf(evidence, 'A'), exchangeOf(evidence, 'control'), exchangeOf(evidence, 'B')];
    const open = (change === null ? null : (voided(a) ?? needsSuccess(a))) ?? voided(state) ?? needsSuccess(state);
    if (open !== null) return open;
    if (!hasAnswer(b)) return lostAnswer(b);
    const effect = tookEffect(target, b, [exchangeOf(evidence, 'after A'), state], lastOf(evidence, 'after B'));
    return effect === 'yes' ? applied(target, evidence, b) : refused(target, evidence, b, effect === 'unclear');
  },

  observe(_target, evidence, verdict) {
    const b = exchangeOf(evidence, 'B');
    if (verdict.verdict === 'inconclusive' || !hasAnswer(b)) return [];
    const proof = present(b, lastOf(evidence, 'after B'));
    return [seen('unversionedWrite', verdict.verdict === 'pass' ? b.response.status : 'permitted', proof)];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'A' | 'B' | 'control' | 'after B' | 'valid'>;

/** A 428 is documented, or the contract demands a version and the spec says how a DELETE carries one. */
function isDeleteAsked({ version }: Resource, { contract, documented }: Operation): boolean {
  const isSpelledOut = Array.isArray(contract.etag.missing) && version?.parameter !== undefined;
  return isSpelledOut || documented?.statuses.includes('428') === true;
}

type Target = Pick<Subject, 'operation' | 'resource'>;
type Judged = Verdict<'overwritten-silently' | 'edits-lost' | 'not-demanded', never>;

/** A member that may be the version, though nothing says so. */
const VERSION = /(?:^|[._-])_?(?:rev|revision|etag|(?:row|lock|object|resource)?_?version(?:_?(?:id|no|number))?)$/i;

/** Whether a representation names something that may be a version: then not the API lacks one, but the spec. */
function namesVersion(read: Answered): boolean {
  return leavesOf(jsonOf(read.response)).some(({ path }) => VERSION.test(path));
}

/** What A wrote, was shown, and is gone after a write of B, who knew nothing of it. */
function lostEdit(evidence: Steps): Judged | null {
  const [a, b, state, after] = [
    lastOf(evidence, 'A'),
    exchangeOf(evidence, 'B'),
    exchangeOf(evidence, 'control'),
    lastOf(evidence, 'after B'),
  ];
  if (a === undefined || b === undefined || !isSuccess(a) || !isSuccess(b)) return null;
  if (state === undefined || after === undefined || !isSuccess(state) || !isSuccess(after)) return null;
  const [edited, now] = [jsonOf(state.response), jsonOf(after.response)];
  const said = onlyIn(a.request, b.request).filter(leaf => shows(edited, leaf));
  const lost = said.find(leaf => !shows(now, leaf) && onlyIn(b.request, a.request).some(one => shows(now, one)));
  if (lost === undefined) return null;
  const kept = leavesOf(now).find(leaf => isExactly(lost.path, leaf.path));
  const args = { path: lost.path, before: shown(lost.value), after: shown(kept?.value) };
  return found(warn('edits-lost', args, [a, state, b, after]));
}

function demanded({ etag }: Contract): readonly number[] | null {
  return etag.missing === null || etag.missing === 'permitted' ? null : etag.missing;
}

function applied({ operation }: Target, evidence: Steps, b: Answered): Judged {
  const proof = present(lastOf(evidence, 'A'), exchangeOf(evidence, 'control'), b, lastOf(evidence, 'after B'));
  const { status } = b.response;
  const expected = demanded(operation.contract);
  return expected === null
    ? found(warn('overwritten-silently', { status }, proof))
    : found(fail('not-demanded', { status, expected: listed(expected) }, proof, { basis: 'declared' }));
}

function refused({ operation }: Target, evidence: Steps, b: Answered, isUnclear: boolean): Judged {
  const { status } = b.response;
  const after = lastOf(evidence, 'after B');
  const open = voided(b, after);
  if (open !== null) return open;
  if (!hasAnswer(after)) return lostAnswer(after);
  if (!isSuccess(after)) {
    return inconclusive('control-failed', { detail: `the read after the write was answered with ${statusOf(after)}` });
  }
  if (isUnclear) return inconclusive('unsteady');
  if (!isRefusal(status)) {
    return inconclusive('control-failed', { detail: `the write was answered with ${status} and not applied` });
  }
  const expected = demanded(operation.contract) ?? USUAL;
  if (status === 428) return pass([!expected.includes(428) && outside(status, expected)]);
  const valid = exchangeOf(evidence, 'valid');
  if (!hasAnswer(valid)) return lostAnswer(valid);
  if (isSuccess(valid)) return pass([!expected.includes(status) && outside(status, expected)]);
  const detail = `the same write under the current version was answered with ${statusOf(valid)}`;
  return voided(valid) ?? inconclusive('control-failed', { detail });
}

function outside(status: number, expected: readonly number[]) {
  return note('status-outside', { status, expected: listed(expected) });
}
