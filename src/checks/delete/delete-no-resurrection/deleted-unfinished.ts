import { arrange, outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, lastOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import { later, send } from '../../../core/step.js';
import { fail, inconclusive, note, pass, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../../lib/http/answers.js';
import { isRefusal, voided } from '../../lib/http/statuses.js';
import { found } from '../../lib/judging/found.js';
import { isBack, notGone, seenGone, stillGone } from '../../lib/steps/after-delete.js';
import { madeScope } from '../../lib/steps/made.js';

/** The DELETE of a resource, and the create that only begins to make it. */
export interface Unfinished extends Pick<Subject, 'operation' | 'resource'> {
  readonly read: Operation;
  readonly create: Operation;
}

/** Creates, deletes at once, sees that it is gone, waits until its making must be over, and looks twice. */
export function* deletedUnfinished({ operation, resource, read, create }: Unfinished, tools: Tools) {
  const place = yield* arrange(resource, tools);
  const begun = yield* send('begun', outgoing(create, place, { key: tools.key() }));
  const scope = madeScope({ operation: create, resource }, place, begun);
  if (scope === null) return;
  const removed = yield* send('delete', outgoing(operation, scope, { key: tools.key() }));
  if (!isSuccess(removed) || !(yield* seenGone(resource, read, scope, removed))) return;
  yield* later('finished', tools.preflight.settleMs, begun.endAtUs);
  yield* send('after', outgoing(read, scope));
  yield* later('patience', tools.preflight.settleMs);
  yield* send('after', outgoing(read, scope));
}

/** What became of the resource when its making was over. */
export function unfinishedVerdict(
  { resource }: Unfinished,
  evidence: Evidence<'begun' | 'delete' | 'gone' | 'after'>,
): Verdict<'finished-after-delete', 'refused-unfinished'> {
  const [begun, removed] = [lastOf(evidence, 'begun'), lastOf(evidence, 'delete')];
  const unusable = voided(begun, removed) ?? needsSuccess(begun);
  if (unusable !== null) return unusable;
  if (!hasAnswer(begun) || !hasAnswer(removed)) return lostAnswer(removed);
  const { status } = removed.response;
  const isSoon = (removed.sentAtUs ?? 0) - begun.endAtUs <= evidence.preflight.lagMs * 500;
  if (statusOf(begun) !== 202 || !isSoon) {
    return inconclusive('control-failed', { detail: 'the DELETE did not come while the resource was being made' });
  }
  if (isRefusal(status)) return pass([note('refused-unfinished', { status })]);
  const open = needsSuccess(removed) ?? notGone(resource, evidence);
  if (open !== null) return open;
  if (isBack(resource, evidence)) {
    const proof = [...present(begun, removed, lastOf(evidence, 'gone')), ...allOf(evidence, 'after')];
    return found(fail('finished-after-delete', {}, proof));
  }
  return stillGone(resource, evidence) ?? pass();
}
