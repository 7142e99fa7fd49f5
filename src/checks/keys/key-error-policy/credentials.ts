import { outgoing } from '../../../core/arrange.js';
import { GARBAGE } from '../../../core/callers.js';
import type { Subject, Tools } from '../../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Answered } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { effects, later, send } from '../../../core/step.js';
import { fail, inconclusive, note, suspect, warn, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, present } from '../../lib/http/answers.js';
import { isCrash, voided } from '../../lib/http/statuses.js';
import { ignoredPaths } from '../../lib/json/likeness.js';
import { countOf } from '../../lib/judging/counting.js';
import { isDoubled, passOne } from '../../lib/judging/doubled.js';
import { found } from '../../lib/judging/found.js';
import { outlived } from '../../lib/judging/outlived.js';
import { as } from '../../lib/steps/as-caller.js';
import { controlFailed, underFreshKey } from './under-fresh-key.js';
import type { Way } from './way.js';

/** Variant `credentials`: a caller with a worthless credential, and the right one under its key. */
export const credentials = {
  whyNot: ({ isAuthenticated }: Subject) => (isAuthenticated ? null : 'the requests of the run carry no credential'),
  hooks: [],
  probe: unauthorised,
  judge: refusedCaller,
} as const satisfies Way;

type Target = Pick<Subject, 'operation' | 'resource'>;

/** A keyed request with a worthless credential, then with the right one. */
function* unauthorised({ operation, resource }: Target, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const request = outgoing(operation, scope, { key: tools.key() });
  const first = yield* send('first', as(GARBAGE, request));
  if (!isForWantOfCredentials(statusOf(first))) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const corrected = yield* send('corrected', request);
  if (!isSuccess(corrected)) return yield* underFreshKey({ operation, resource }, scope, tools);
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const again = yield* send('corrected-again', request);
  yield* effects('after', { resource, operation, scope, seen: [corrected, again], since: before });
}

/** What a key came to that was first used with a worthless credential. */
function refusedCaller(
  { operation, resource }: Target,
  evidence: Evidence<'corrected' | 'corrected-again' | 'after' | 'control'>,
  first: Answered,
): Verdict<'executed-twice' | 'refusal-replayed' | 'correction-refused', 'key-freed'> {
  const { status } = first.response;
  if (!isForWantOfCredentials(status)) {
    const detail = `the request with a worthless credential was answered with ${status}`;
    return inconclusive('control-failed', { detail });
  }
  const [corrected, again] = [exchangeOf(evidence, 'corrected'), exchangeOf(evidence, 'corrected-again')];
  const after = readingOf(evidence, 'after');
  const late = outlived(operation.contract, corrected, again);
  if (late !== null) return late;
  if (isDoubled(after, [corrected, again])) {
    return found(fail('executed-twice', { count: countOf(after), status }, present(first, corrected, again)));
  }
  const trouble = voided(corrected, again);
  if (trouble !== null) return trouble;
  if (!hasAnswer(corrected)) return lostAnswer(corrected);
  const second = corrected.response.status;
  if (isSuccess(corrected)) {
    if (!hasAnswer(again)) return lostAnswer(again);
    const ignored = ignoredPaths(evidence.preflight, resource);
    return passOne(evidence, after, [corrected, again], ignored, [note('key-freed')]);
  }
  const control = exchangeOf(evidence, 'control');
  if (control === undefined || !isSuccess(control)) return controlFailed(control);
  const proof = [first, corrected, control];
  if (isForWantOfCredentials(second)) return found(fail('refusal-replayed', { first: status, second }, proof));
  if (isCrash(second)) return found(suspect('correction-refused', { status: second }, proof, { level: 'fail' }));
  return found(warn('correction-refused', { status: second }, proof));
}

function isForWantOfCredentials(status: number | null): boolean {
  return status === 401 || status === 403;
}
