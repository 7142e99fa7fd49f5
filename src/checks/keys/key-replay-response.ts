import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { exchangeOf, exchangesOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Outgoing, Resource } from '../../core/resource.js';
import { later, send } from '../../core/step.js';
import { note, pass } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isRefusal, voided } from '../lib/http/statuses.js';
import { markOf, underVersion } from '../lib/http/version.js';
import { changedFields, ignoredPaths, likeness } from '../lib/json/likeness.js';
import { madeScope, optional } from '../lib/steps/made.js';
import { keyedSubject, stage } from '../lib/steps/stage.js';
import { compared, type Judged } from './key-replay-response/compared.js';
import { replayTraits } from './key-replay-response/seen-replay.js';

export const keyReplayResponse = defineCheck({
  id: 'key-replay-response',
  group: 'keys',
  title: 'The repeat under one key answers like the original',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)', 'AIP-155'],
  sends:
    'The request with a fresh key, a read of what it made, and the same bytes with the same key on a new connection; once more a moment later if the answer says "still in flight". Then, where the resource can be changed, one change, a read, and a third repeat.',
  judges:
    'Passes when status, body and id are the same, leaving out fields that vary between any two answers, and when the contract declares the answer (`replayMode`, `replayStatuses`). Fails when the repeat claims success with another id, without the id, or with an empty body; when it is refused with a 4xx other than 400, 409 or 422; when it breaks a declared mode; and when it crashes, again on a fresh resource. Warns on an undeclared 400, 409 or 422, on a changed 2xx status, on JSON that is only formatted anew, and on an undeclared body that has the right id but is neither the first answer nor the present state. Stays open when the answers are empty and name nothing.',
  expected: 'The same status, the same id and the same body as the first answer.',
  why: 'The client that retries has not seen the first answer: what it needs from the repeat is the id and the outcome of what it already caused.',
  fix: 'Store status, headers and body of the first answer with the key, and send them again. Where a conflict is meant instead, declare it (`replayMode`), and name the original id in it.',
  guards: [
    'Fields that differ between any two answers (ids aside) are not compared, nor what `volatile` names.',
    'A body that shows the present state is fine where nothing else is promised (AIP-155).',
    'A repeat that is told to wait is asked once more.',
    'A 429, 502, 503 or 504 voids the try; a 500, 401 or 403 counts only when it comes again.',
    'The id in a 202 may be that of a job: another one proves nothing.',
  ],
  messages: {
    'different-id': 'The repeat names another id: {second} where the first answer named {first}.',
    'different-answer': 'The repeat was answered with {status}, but its body is not that of the first answer.',
    refused: 'The repeat was refused with {status}, where {expected} is due.',
    'conflict-answer':
      'The repeat was refused with {status} in the place of the first answer, and nothing declares that.',
    crashed: 'The repeat was answered with {status}.',
    'status-changed': 'The repeat was answered with {second} where the first answer was {first}.',
    reformatted: 'The body of the repeat is the same JSON in other bytes.',
  },
  notes: {
    'current-state': 'The repeat shows the resource as it is now rather than the first answer.',
    'stored-answer': 'After the resource was changed, the repeat still gave the first answer: answers are stored.',
    'volatile-differs': 'Only fields that vary anyway differ.',
    'not-compared': 'The bodies differ, but are no JSON: only the id was compared.',
    'was-in-flight': 'The first repeat was still told to wait ({status}), though the first request had been answered.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const request = outgoing(operation, scope, { key: tools.key() });
    const first = yield* send('first', request);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const made = madeScope({ operation, resource }, scope, first);
    const read = optional(resource.read, made);
    const state = read === null ? undefined : yield* send('state', read);
    const replay = yield* send('replay', request);
    if (isInFlight(operation.contract, replay)) {
      yield* later('wait', Math.max(1000, 3 * tools.preflight.p95Ms));
      yield* send('retry', request);
    }
    const change = optional(resource.update ?? resource.replace, made, { key: tools.key() });
    if (change === null || !isSuccess(yield* send('change', atVersion(change, resource, state)))) return;
    if (read !== null) yield* send('state-after', read);
    yield* send('replay-after-change', request);
  },

  judge(target, evidence) {
    const [first, replay, retry] = exchangesOf(evidence, 'first', 'replay', 'retry');
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const last = retry ?? replay;
    const verdict = compared(target, evidence, first, last);
    if (verdict.verdict !== 'pass') return verdict;
    const waited = retry !== undefined && isSuccess(retry) && note('was-in-flight', { status: statusOf(replay) ?? 0 });
    const third = afterChange(target, evidence, first, exchangeOf(evidence, 'replay-after-change'));
    if (third.verdict !== 'pass') return third;
    return pass([...verdict.notes, ...third.notes, waited]);
  },

  observe: replayTraits,
});

/** The steps that show a change. */
type Steps = Evidence<'state' | 'state-after'>;

/** A contract of conflicts answers every repeat with one: waiting would not change it. */
function isInFlight({ inflight, replayMode, replayStatuses }: Contract, replay: Exchange): boolean {
  const status = statusOf(replay) ?? 0;
  if (replayMode === 'conflict' || replayMode === 'conflict-with-id' || replayStatuses.includes(status)) return false;
  return isRefusal(status) && inflight.statuses.includes(status);
}

/** The change carries the version that was read, where there is one: an API may demand it. */
function atVersion(change: Outgoing, resource: Resource, state: Exchange | undefined): Outgoing {
  const version = markOf(resource, state);
  return version === null ? change : underVersion(change, resource, version);
}

/** The third repeat, after a change: it tells stored answers from rendered ones. A case without one is none the worse. */
function afterChange(target: Subject, evidence: Steps, first: Answered, third: Exchange | undefined): Judged {
  if (!hasAnswer(third) || voided(third) !== null) return pass();
  const { replayMode } = target.operation.contract;
  const verdict = compared(target, evidence, first, third);
  const isShown = verdict.verdict === 'warn' && verdict.findings.every(({ code }) => code === 'different-answer');
  if (isShown && isSuccess(third) && replayMode === 'unknown') return pass([note('current-state')]);
  if (verdict.verdict === 'inconclusive' || verdict.verdict === 'warn') return pass();
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  const isSame = isSuccess(third) && ['bytes', 'json'].includes(likeness(first.response, third.response, ignored));
  return verdict.verdict === 'pass' && isSame && wasChanged(evidence, ignored)
    ? pass([note('stored-answer')])
    : verdict;
}

/** Whether the change shows: one that set what was there already tells nothing. */
function wasChanged(evidence: Steps, ignored: readonly string[]): boolean {
  const [state, after] = [exchangeOf(evidence, 'state'), exchangeOf(evidence, 'state-after')];
  if (!hasAnswer(state) || !hasAnswer(after)) return false;
  return changedFields(state.response, after.response, ignored).length > 0;
}
