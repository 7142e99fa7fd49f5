import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { later, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, listed, voided } from '../lib/http/statuses.js';
import { offersControl, refusalsOf, underVersion, versionOf, type Version } from '../lib/http/version.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { isBack, notGone, seenGone, stillGone } from '../lib/steps/after-delete.js';
import { currentVersion, drafted, rivals, settle, writing } from '../lib/steps/writing.js';

export const ifMatchAfterDelete = defineCheck({
  id: 'if-match-after-delete',
  group: 'conditional',
  title: 'A conditional write cannot bring a deleted resource back',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1', 'RFC 9110 section 13.2.1'],
  sends:
    'Writes a resource, to see that it can be written, and reads its version; deletes it and reads until it is gone; then sends the write again under that version, and reads once more. Variant any: the write carries If-Match: *.',
  judges:
    'Passes when the write is refused with 412, 404 or 410 (with a note on any other 4xx) and the resource stays gone. Fails when it was gone and is there again in two reads, whatever the write was answered with (only warns where a weak tag or a time is all that is offered), and when the write crashes, again on a fresh resource. Warns when the write is answered with 2xx and nothing came of it. Stays open when the resource shows no version, or is still there after its DELETE.',
  expected: '412, 404 or 410, and the resource stays gone.',
  why: 'A client that edits what another one has just deleted would create it anew from an old copy, and the deletion is lost without a word.',
  fix: 'Evaluate If-Match before an upsert decides to create: where nothing is stored, no version and no * can match.',
  guards: [
    'The same write succeeds before the DELETE.',
    'Came back means absent first, then present in two reads, none of them from a cache.',
    'What is still readable after the DELETE is the matter of delete-then-get.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    resurrected: 'The resource was deleted, and a write under {version} brought it back (answered with {status}).',
    'accepted-unseen':
      'A write under {version} to a deleted resource was answered with {status}, and nothing came of it.',
    crashed: 'A write under {version} to a deleted resource was answered with {status}.',
  },
  variants: [null, 'any'],

  select({ operation, resource }, variant) {
    const { role } = operation;
    if (role !== 'replace' && role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    if (resource.remove === null) return skip('no DELETE that a write could follow');
    const { version } = resource;
    if (variant !== null && version !== null && version.in !== 'header') return skip('the version is no entity tag');
    return { operation, resource, read: resource.read, remove: resource.remove, variant };
  },

  *probe({ operation, resource, read, remove, variant }, tools) {
    const { scope } = yield* make(resource, tools);
    const place = { resource, scope };
    const look = outgoing(read, scope);
    yield* settle(tools);
    const [draft] = rivals(operation, place, tools);
    if (!isSuccess(yield* writing('control', drafted(operation, draft, tools), place))) return;
    yield* settle(tools);
    const version = usable(variant, yield* currentVersion('start', place));
    if (version === null) return;
    const removed = yield* writing('delete', outgoing(remove, scope, { key: tools.key() }), place);
    if (!isSuccess(removed)) return;
    if (!(yield* seenGone(resource, read, scope, removed))) return;
    const named = variant === 'any' ? { ...version, value: '*' } : version;
    yield* send('write', underVersion(drafted(operation, draft, tools), resource, named));
    yield* settle(tools);
    yield* send('after', look);
    yield* later('patience', tools.preflight.settleMs);
    yield* send('after', look);
  },

  judge(target, evidence) {
    const [control, start, removed] = [
      lastOf(evidence, 'control'),
      lastOf(evidence, 'start'),
      lastOf(evidence, 'delete'),
    ];
    const unusable = voided(control, start) ?? needsSuccess(control) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = usable(target.variant, versionOf(target.resource, start));
    if (version === null) return inconclusive('no-version');
    const open = voided(removed) ?? needsSuccess(removed) ?? notGone(target.resource, evidence);
    return open ?? ofWrite(target, evidence, version);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'write' | 'after' | 'delete' | 'gone'>;

type Target = Pick<Subject, 'operation' | 'resource'> & {
  readonly read: Operation;
  readonly remove: Operation;
  readonly variant: string | null;
};
type Judged = Verdict<'resurrected' | 'accepted-unseen' | 'crashed', never>;

/** The version to write under; `*` stands for entity tags alone. */
function usable(variant: string | null, version: Version | null): Version | null {
  return variant === 'any' && version?.kind === 'modified' ? null : version;
}

function ofWrite(target: Target, evidence: Steps, version: Version): Judged {
  const { operation, resource, variant } = target;
  const write = exchangeOf(evidence, 'write');
  if (write === undefined) return lostAnswer(write);
  const looks = allOf(evidence, 'after');
  const args = { version: variant === 'any' ? 'If-Match: *' : version.value, status: statusOf(write) ?? 'nothing' };
  const proof = [...present(lastOf(evidence, 'delete'), lastOf(evidence, 'gone'), write), ...looks];
  if (isBack(resource, evidence)) {
    const level = offersControl(operation, version) ? 'fail' : 'warn';
    return found(fail('resurrected', args, proof, { level }));
  }
  if (!hasAnswer(write)) return lostAnswer(write);
  if (voided(write) !== null) return voided(write) ?? lostAnswer(write);
  const { status } = write.response;
  if (isCrash(status))
    return found(suspect('crashed', { ...args, status }, present(lastOf(evidence, 'delete'), write)));
  const open = stillGone(resource, evidence);
  if (open !== null) return open;
  if (status === 202) {
    return inconclusive('still-pending', { waited: duration(evidence.preflight.settleMs / 1000) });
  }
  if (isSuccess(write)) return found(warn('accepted-unseen', args, proof));
  if (!isRefusal(status)) return inconclusive('control-failed', { detail: `the write was answered with ${status}` });
  const expected = [...new Set([...refusalsOf(operation, version), 404, 410])];
  return pass([!expected.includes(status) && note('status-outside', { status, expected: listed(expected) })]);
}
