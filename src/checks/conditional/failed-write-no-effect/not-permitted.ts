import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess } from '../../../core/http.js';
import type { Preflight } from '../../../core/preflight.js';
import { effects, send } from '../../../core/step.js';
import { fail, inconclusive, pass, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../../lib/http/statuses.js';
import { countOf, countTrouble } from '../../lib/judging/counting.js';
import { found } from '../../lib/judging/found.js';
import { stage } from '../../lib/steps/stage.js';
import { settle } from '../../lib/steps/writing.js';

type Target = Pick<Subject, 'operation' | 'resource'>;

/** Why nothing is refused here; `null` where a second one was refused. */
export function permitsMore({ secondRefused }: Preflight): string | null {
  return secondRefused === undefined ? 'its state permits the action again, or nothing shows that it does not' : null;
}

/** Does an action that the state permits once, and again under another key, with a count after each. */
export function* acting({ operation, resource }: Target, tools: Tools) {
  const scope = yield* stage({ operation, resource }, tools);
  yield* settle(tools);
  const counted = { resource, operation, scope };
  const before = yield* effects('count', { ...counted, seen: [] }, 'now');
  const permitted = yield* send('permitted', outgoing(operation, scope, { key: tools.key() }));
  if (!isSuccess(permitted)) return;
  yield* effects('count valid', { ...counted, seen: [permitted], since: before });
  const refused = yield* send('refused', outgoing(operation, scope, { key: tools.key() }));
  yield* effects('count after', { ...counted, seen: [permitted, refused], since: before });
}

/** Whether the one that was refused had an effect: by a count that was seen to tell two from one. */
export function ofActing(
  evidence: Evidence<'permitted' | 'refused' | 'count valid' | 'count after'>,
): Verdict<'effect-counted', never> {
  const [permitted, refused] = [exchangeOf(evidence, 'permitted'), exchangeOf(evidence, 'refused')];
  const unusable = voided(permitted) ?? needsSuccess(permitted);
  if (unusable !== null) return unusable;
  if (!hasAnswer(refused)) return lostAnswer(refused);
  const open = voided(refused);
  if (open !== null) return open;
  const { status } = refused.response;
  if (!isRefusal(status) && !isCrash(status)) {
    return inconclusive('control-failed', { detail: `the second one was answered with ${status} this time` });
  }
  const [valid, after] = [readingOf(evidence, 'count valid'), readingOf(evidence, 'count after')];
  const [before, now] = [countOf(valid), countOf(after)];
  if (before === 1 && now > 1) {
    const level = isCrash(status) ? 'warn' : 'fail';
    return found(fail('effect-counted', { status, before, after: now }, [refused], { level }));
  }
  if (isCrash(status)) return inconclusive('control-failed', { detail: `the request was answered with ${status}` });
  const trouble = countTrouble(evidence, valid) ?? countTrouble(evidence, after);
  if (trouble !== null) return trouble;
  return before === 1 && now === 1 ? pass() : inconclusive('no-effect');
}
