import { make, outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, lastOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import { later, send } from '../../../core/step.js';
import { fail, inconclusive, note, pass, suspect, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../../lib/http/answers.js';
import { isCrash, voided } from '../../lib/http/statuses.js';
import { duration } from '../../lib/judging/duration.js';
import { found } from '../../lib/judging/found.js';
import { isBack, notGone, seenGone, stillGone } from '../../lib/steps/after-delete.js';
import { settle, writing } from '../../lib/steps/writing.js';

/** The DELETE of a resource, and a write that comes after it. */
export interface LateWrite extends Pick<Subject, 'operation' | 'resource'> {
  readonly read: Operation;
  readonly writer: Operation;
}

/** Writes to a resource, deletes it, sees that it is gone, writes again without a condition, and looks twice. */
export function* writtenAfterDelete({ operation, resource, read, writer }: LateWrite, tools: Tools) {
  const { scope } = yield* make(resource, tools);
  const place = { resource, scope };
  yield* settle(tools);
  const write = () => outgoing(writer, scope, { key: tools.key() });
  if (!isSuccess(yield* writing('control', write(), place))) return;
  yield* settle(tools);
  const removed = yield* writing('delete', outgoing(operation, scope, { key: tools.key() }), place);
  if (!isSuccess(removed)) return;
  yield* settle(tools);
  if (!(yield* seenGone(resource, read, scope, removed))) return;
  yield* send('write', write());
  yield* settle(tools);
  yield* send('after', outgoing(read, scope));
  yield* later('patience', tools.preflight.settleMs);
  yield* send('after', outgoing(read, scope));
}

/** What a write to the deleted resource made of it. */
export function lateWriteVerdict(
  { resource, writer }: LateWrite,
  evidence: Evidence<'control' | 'delete' | 'write' | 'gone' | 'after'>,
): Verdict<'revived' | 'write-crashed', 'made-anew' | 'unheeded'> {
  const [control, removed, write] = [
    lastOf(evidence, 'control'),
    lastOf(evidence, 'delete'),
    lastOf(evidence, 'write'),
  ];
  const unusable =
    voided(control, removed) ?? needsSuccess(control) ?? needsSuccess(removed) ?? notGone(resource, evidence);
  if (unusable !== null) return unusable;
  const isPut = writer.role === 'replace';
  const proof = [...present(removed, lastOf(evidence, 'gone'), write), ...allOf(evidence, 'after')];
  if (isBack(resource, evidence)) {
    const status = hasAnswer(write) ? write.response.status : 'nothing';
    // A PUT may create, and says so with 201 (RFC 9110 section 9.3.4).
    if (isPut && status === 201) return pass([note('made-anew', { status })]);
    // Some patch documents can be applied to nothing, and then a PATCH may create as well (RFC 5789 section 2).
    const level = isPut || status === 201 ? 'warn' : 'fail';
    return found(fail('revived', { operation: writer.name, status }, proof, { level }));
  }
  if (!hasAnswer(write)) return lostAnswer(write);
  const { status } = write.response;
  const open = voided(write);
  if (open !== null) return open;
  if (isCrash(status)) return found(suspect('write-crashed', { operation: writer.name, status }, proof));
  const unseen = stillGone(resource, evidence);
  if (unseen !== null) return unseen;
  if (status === 202) return inconclusive('still-pending', { waited: duration(evidence.preflight.settleMs / 1000) });
  return pass([isSuccess(write) && note('unheeded', { status })]);
}
