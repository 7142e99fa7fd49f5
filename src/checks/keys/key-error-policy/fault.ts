import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, exchangeOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { effects, hook, send } from '../../../core/step.js';
import { fail, inconclusive, note, pass, suspect, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../../lib/http/statuses.js';
import { ignoredPaths } from '../../lib/json/likeness.js';
import { countOf, countTrouble } from '../../lib/judging/counting.js';
import { isPending, passOne } from '../../lib/judging/doubled.js';
import { duration } from '../../lib/judging/duration.js';
import { found } from '../../lib/judging/found.js';
import { isToldToWait, retried } from '../../lib/steps/patience.js';
import { controlFailed, underFreshKey } from './under-fresh-key.js';
import type { Way } from './way.js';

/** Variant `fault`: a request that fails, by a hook of the user's or by a payload that crashes the server, and comes again. */
export const fault = {
  whyNot: ({ operation, hooks }: Subject) =>
    hooks.has('fault') || operation.payloads.has('crash')
      ? null
      : 'needs a way to make a request fail: the hook `fault`, or `faults.crash`',
  hooks: ['fault'],
  probe: failing,
  judge: failure,
} as const satisfies Way;

/** The steps that are judged. */
type Steps = Evidence<'repeat' | 'corrected' | 'after-first' | 'after' | 'control'>;

type Judged = Verdict<'executed-twice' | 'error-stored' | 'key-stuck', 'key-freed' | 'declared-stored' | 'fails-again'>;

function* failing({ operation, resource, hooks }: Subject, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const counted = { resource, operation, scope, since: before };
  const key = tools.key();
  const isByHook = hooks.has('fault');
  const request = outgoing(operation, scope, { payload: isByHook ? 'body' : 'crash', key });
  if (isByHook) yield* hook('fault', 'fault');
  const first = yield* send('first', request);
  if (!isCrash(statusOf(first) ?? 0)) return;
  yield* effects('after-first', { ...counted, seen: [first] });
  const repeats = yield* retried('repeat', request, { tools });
  yield* effects('after', { ...counted, seen: [first, ...repeats] });
  if (!isByHook) yield* send('corrected', outgoing(operation, scope, { key }));
  yield* underFreshKey({ operation, resource }, scope, tools);
}

function failure(target: Subject, evidence: Steps, first: Answered): Judged {
  const { status } = first.response;
  if (!isCrash(status)) {
    return inconclusive('control-failed', { detail: `the request that was to fail was answered with ${status}` });
  }
  const repeats = allOf(evidence, 'repeat');
  const last = repeats.at(-1);
  const twice = executedTwice(target, evidence, first, repeats);
  if (twice !== null) return twice;
  const trouble = voided(...repeats, exchangeOf(evidence, 'corrected'));
  if (trouble !== null) return trouble;
  if (!hasAnswer(last)) return lostAnswer(last);
  const answer: Answered = last;
  if (isSuccess(last)) {
    const ignored = ignoredPaths(evidence.preflight, target.resource);
    return passOne(evidence, readingOf(evidence, 'after'), [last], ignored, [note('key-freed')]);
  }
  const control = exchangeOf(evidence, 'control');
  if (control === undefined || !isSuccess(control)) return controlFailed(control);
  if (isRefusal(answer.response.status)) return stuck(target, first, answer);
  if (target.hooks.has('fault')) return stored(target, first, answer, control);
  const corrected = exchangeOf(evidence, 'corrected');
  if (!hasAnswer(corrected)) return lostAnswer(corrected);
  if (isCrash(corrected.response.status)) return stored(target, first, corrected, control);
  const after = readingOf(evidence, 'after');
  // What failed twice may have had two effects: that they cannot be counted is no sign that there are none.
  const uncounted = after?.count === null ? countTrouble(evidence, after) : null;
  if (uncounted !== null) return uncounted;
  return isSuccess(corrected) ? pass([note('key-freed'), note('fails-again')]) : pass([note('fails-again')]);
}

/** The failed request had an effect, and its repeat had another; or a single record was to be made, and there are two. */
function executedTwice(
  { operation }: Subject,
  evidence: Steps,
  first: Answered,
  repeats: readonly Exchange[],
): Judged | null {
  const [one, two] = [readingOf(evidence, 'after-first'), readingOf(evidence, 'after')];
  const isMore = countOf(one) > 0 && countOf(two) > countOf(one);
  const isTwo = operation.role === 'create' && countOf(two) >= 2;
  if ((!isMore && !isTwo) || isPending(two, [first, ...repeats])) return null;
  const args = { count: countOf(two), status: first.response.status };
  return found(fail('executed-twice', args, [first, ...repeats]));
}

/** The error came again, and the request works under a fresh key. */
function stored({ operation }: Subject, first: Answered, last: Answered, control: Exchange): Judged {
  const { errorsStored } = operation.contract;
  if (errorsStored === 'all' || errorsStored === 'after-execution') return pass([note('declared-stored')]);
  const isBroken = errorsStored === 'success-only' || errorsStored === 'none' || errorsStored === '4xx-only';
  const extras = isBroken ? ({ level: 'fail', basis: 'declared' } as const) : ({ level: 'warn' } as const);
  return found(suspect('error-stored', { status: last.response.status }, [first, last, control], extras));
}

function stuck({ operation }: Subject, first: Answered, last: Answered): Judged {
  const { status } = last.response;
  const waitedMs = (last.endAtUs - first.endAtUs) / 1000;
  const isPatient = waitedMs >= operation.contract.inflightTimeout * 1000;
  const waited = duration(waitedMs / 1000);
  if (isToldToWait(operation.contract, last) && !isPatient) {
    return inconclusive('still-in-flight', { waited });
  }
  const described = isPatient ? fail : suspect;
  return found(described('key-stuck', { first: first.response.status, second: status, waited }, [first, last]));
}
