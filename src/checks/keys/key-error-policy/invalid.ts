import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { exchangeOf, exchangesOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Answered } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { effects, later, send } from '../../../core/step.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, present } from '../../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../../lib/http/statuses.js';
import { ignoredPaths, likeness } from '../../lib/json/likeness.js';
import { countOf } from '../../lib/judging/counting.js';
import { isDoubled, passOne } from '../../lib/judging/doubled.js';
import { found } from '../../lib/judging/found.js';
import { outlived } from '../../lib/judging/outlived.js';
import { controlFailed, underFreshKey } from './under-fresh-key.js';
import type { Way } from './way.js';

/** Variant `invalid`: a payload that is refused, and the valid one under its key. */
export const invalid = {
  whyNot: ({ operation }: Subject) =>
    operation.payloads.has('invalid') ? null : 'needs a payload that is refused: give the operation `faults.invalid`',
  hooks: [],
  probe: refusing,
  judge: refusal,
} as const satisfies Way;

/** The steps that are judged. */
type Steps = Evidence<'repeat' | 'corrected' | 'corrected-again' | 'after' | 'control'>;

type Judged = Verdict<
  'executed-twice' | 'refusal-changed' | 'correction-refused',
  'key-freed' | 'key-taken' | 'declared-stored'
>;

function* refusing({ operation, resource }: Subject, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const key = tools.key();
  const wrong = outgoing(operation, scope, { payload: 'invalid', key });
  const first = yield* send('first', wrong);
  if (!isRefusal(statusOf(first) ?? 0)) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  yield* send('repeat', wrong);
  const right = outgoing(operation, scope, { key });
  const corrected = yield* send('corrected', right);
  if (!isSuccess(corrected)) return yield* underFreshKey({ operation, resource }, scope, tools);
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const again = yield* send('corrected-again', right);
  yield* effects('after', { resource, operation, scope, seen: [corrected, again], since: before });
}

function refusal(target: Subject, evidence: Steps, first: Answered): Judged {
  const { status } = first.response;
  if (!isRefusal(status)) {
    return inconclusive('control-failed', { detail: `the payload that must be refused was answered with ${status}` });
  }
  const [repeat, corrected, again] = exchangesOf(evidence, 'repeat', 'corrected', 'corrected-again');
  const after = readingOf(evidence, 'after');
  const late = outlived(target.operation.contract, corrected, again);
  if (late !== null) return late;
  if (isDoubled(after, [corrected, again])) {
    return found(fail('executed-twice', { count: countOf(after), status }, present(first, corrected, again)));
  }
  const trouble = voided(repeat, corrected, again);
  if (trouble !== null) return trouble;
  if (!hasAnswer(repeat)) return lostAnswer(repeat);
  const second = repeat.response.status;
  if (second !== status) {
    const level = isRefusal(second) ? 'warn' : 'fail';
    return found(suspect('refusal-changed', { first: status, second }, [first, repeat], { level }));
  }
  if (!hasAnswer(corrected)) return lostAnswer(corrected);
  if (!isSuccess(corrected)) return uncorrected(target, evidence, first, corrected);
  if (!hasAnswer(again)) return lostAnswer(again);
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  return passOne(evidence, after, [corrected, again], ignored, [note('key-freed')]);
}

/** The valid payload was refused under the key of the refused one: as another payload, or by the stored refusal. */
function uncorrected(target: Subject, evidence: Steps, first: Answered, corrected: Answered): Judged {
  const control = exchangeOf(evidence, 'control');
  if (control === undefined || !isSuccess(control)) return controlFailed(control);
  const { status } = corrected.response;
  const { mismatch, errorsStored } = target.operation.contract;
  const proof = [first, corrected, control];
  if (isCrash(status)) return found(suspect('correction-refused', { status }, proof, { level: 'fail' }));
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  const isStored =
    status === first.response.status &&
    first.response.body !== '' &&
    likeness(first.response, corrected.response, ignored) !== 'other';
  if (!isStored && mismatch.statuses.includes(status)) return pass([note('key-taken', { status })]);
  const isDeclared = isStored && (errorsStored === 'all' || errorsStored === '4xx-only');
  return isDeclared ? pass([note('declared-stored')]) : found(warn('correction-refused', { status }, proof));
}
