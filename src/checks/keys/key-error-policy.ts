import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, exchangesOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Scope } from '../../core/scope.js';
import { effects, hook, later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { ignoredPaths, likeness } from '../lib/json/likeness.js';
import { countOf, countTrouble } from '../lib/judging/counting.js';
import { isDoubled, isPending, passOne } from '../lib/judging/doubled.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { isToldToWait, retried } from '../lib/steps/patience.js';
import { actsAnew, stage } from '../lib/steps/stage.js';
import { refusedCaller, unauthorised } from './key-error-policy/refused-caller.js';
import { turnedAway, turnedAwayVerdict } from './key-error-policy/turned-away.js';
import { controlFailed, underFreshKey } from './key-error-policy/under-fresh-key.js';

/** A subject, and how it is made to fail: refused for its payload or its credential, failing by a hook of the user's, or by a payload that crashes it. */
interface Target extends Subject {
  readonly way: 'invalid' | 'credentials' | 'limit' | 'hook' | 'crash';
}

export const keyErrorPolicy = defineCheck({
  id: 'key-error-policy',
  group: 'keys',
  title: 'A refusal or an error under a key leaves no trap behind',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 sections 2.6 and 2.7 (expired)'],
  sends:
    '`invalid`: a payload that is refused, twice under one key, and the valid payload under that key, twice; if it is refused, once more under a fresh key. `credentials`: a keyed request with a worthless credential, then the same request and key with the right one, twice; if it is refused, once more under a fresh key. `limit`, with `hooks.limit`: a keyed request that the hook has turned away with 429, and after the time it asks for the same request and key again, between two under fresh keys. `fault`: a request that fails with a 5xx (by the hook `fault`, else by the payload `crash`), again under the same key for as long as that is called in flight, after `crash` the valid payload under it, and the valid one under a fresh key.',
  judges:
    '`invalid` passes when the repeat is refused alike and the corrected payload is carried out once, or refused as another payload (notes say which); it fails when the repeat is accepted or crashes, and when two effects are counted; it warns when the repeat is refused otherwise, and when the corrected payload gets the refusal of the first one. `credentials` passes when the request with the right credential is carried out once; it fails when that is refused with 401 or 403 too, though it is accepted under a fresh key, and when two effects are counted; it warns on any other refusal. `limit` passes when the retry is carried out once, and fails when it is turned away again, twice, though those around it are let in (warns where `errorsStored` is `all`). `fault` passes when the retry is carried out and one effect is counted; it fails when the failed request had an effect and the retry had another, and when the key is still refused after the time after which it counts as stuck; a stored error is a warning, unless the contract declares it (`errorsStored`).',
  expected: 'A refusal that can be corrected, an error that can be retried, and one effect in the end.',
  why: 'A key that is burned by a passing error makes a client choose between giving up and a new key, which may act twice. One that is freed after a half-done request acts twice by itself.',
  fix: 'Store the key, the effect and the answer in one transaction, so that an error undoes all three. Free the key of a request that was refused before it was executed.',
  guards: [
    'What is stored and what is freed is the choice of the API; it is noted, and held against `errorsStored`.',
    'A refusal of the valid payload counts only while it is accepted under a fresh key.',
    'A refusal for want of credentials counts only where a worthless credential is refused; a rate limit is provoked by the hook alone.',
    'A crash counts only when it comes again; a 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'executed-twice': 'Under one key {count} effects, though the first request was answered with {status}.',
    'refusal-changed': 'A request that was refused with {first} was answered with {second} when it came again.',
    'correction-refused':
      'The corrected request was answered with {status} under the key of the refused one, and is accepted under a fresh key.',
    'limit-replayed':
      'The 429 is given again under its key after the time to wait, though requests before and after it are let in.',
    'refusal-replayed':
      'A request with a worthless credential was refused with {first}; with the right one and the same key it is answered with {second}, and accepted under a fresh key.',
    'error-stored':
      'The error ({status}) is given again under its key, though the request is accepted under a fresh one.',
    'key-stuck': 'A request failed with {first}; {waited} later its key is still refused with {second}.',
  },
  notes: {
    'key-freed': 'A refusal or an error frees its key.',
    'key-taken': 'A refused request keeps its key: a corrected one needs a new one ({status}).',
    'declared-stored': 'The contract declares that errors are stored; that is what happened.',
    'fails-again': 'Whether the error was stored or happened again cannot be told: the payload always fails.',
  },
  variants: ['invalid', 'credentials', 'limit', 'fault'],

  select(subject, variant): Target | ReturnType<typeof skip> {
    const { contract, payloads } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (variant === 'invalid') {
      if (!payloads.has('invalid')) return skip('needs a payload that is refused: give the operation `faults.invalid`');
      return { ...subject, way: 'invalid' };
    }
    if (variant === 'credentials') {
      if (!subject.isAuthenticated) return skip('the requests of the run carry no credential');
      return { ...subject, way: 'credentials' };
    }
    if (variant === 'limit') {
      if (!subject.hooks.has('limit')) return skip('the spec has no hook `limit`');
      return { ...subject, way: 'limit' };
    }
    if (subject.hooks.has('fault')) return { ...subject, way: 'hook' };
    if (payloads.has('crash')) return { ...subject, way: 'crash' };
    return skip('needs a way to make a request fail: the hook `fault`, or `faults.crash`');
  },

  hooks: ({ way }) => (way === 'hook' ? ['fault'] : way === 'limit' ? ['limit'] : []),

  *probe(target, tools) {
    const scope = yield* stage(target, tools);
    if (target.way === 'invalid') return yield* refusing(target, scope, tools);
    if (target.way === 'credentials') return yield* unauthorised(target, scope, tools);
    if (target.way === 'limit') return yield* turnedAway(target, scope, tools);
    yield* failing(target, scope, tools);
  },

  judge(target, evidence) {
    if (target.way === 'limit') return turnedAwayVerdict(target, evidence);
    const first = exchangeOf(evidence, 'first');
    if (!hasAnswer(first)) return lostAnswer(first);
    const unusable = voided(first);
    if (unusable !== null) return unusable;
    if (target.way === 'invalid') return refusal(target, evidence, first);
    return target.way === 'credentials' ? refusedCaller(target, evidence, first) : failure(target, evidence, first);
  },

  observe({ way }, evidence, verdict) {
    const fate = fateOf(evidence, verdict);
    if (fate === null || (way !== 'invalid' && fate === 'kept')) return [];
    return [seen(way === 'invalid' ? 'refusals' : 'errors', fate, evidence.exchanges.filter(isStep))];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'repeat' | 'corrected' | 'corrected-again' | 'after' | 'control' | 'after-first' | 'first'>;

type Code =
  | 'executed-twice'
  | 'refusal-changed'
  | 'correction-refused'
  | 'refusal-replayed'
  | 'limit-replayed'
  | 'error-stored'
  | 'key-stuck';
type Judged = Verdict<Code, 'key-freed' | 'key-taken' | 'declared-stored' | 'fails-again'>;

function* refusing({ operation, resource }: Target, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const key = tools.key();
  const wrong = outgoing(operation, scope, { payload: 'invalid', key });
  const first = yield* send('first', wrong);
  if (!isRefusal(statusOf(first) ?? 0)) return;
  yield* later('pause', Math.max(tools.baseline.lagMs, 100));
  yield* send('repeat', wrong);
  const right = outgoing(operation, scope, { key });
  const corrected = yield* send('corrected', right);
  if (!isSuccess(corrected)) return yield* underFreshKey({ operation, resource }, scope, tools);
  yield* later('pause', Math.max(tools.baseline.lagMs, 100));
  const again = yield* send('corrected-again', right);
  yield* effects('after', { resource, operation, scope, seen: [corrected, again], since: before });
}

function* failing({ operation, resource, way }: Target, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const counted = { resource, operation, scope, since: before };
  const key = tools.key();
  const request = outgoing(operation, scope, { payload: way === 'crash' ? 'crash' : 'body', key });
  if (way === 'hook') yield* hook('fault', 'fault');
  const first = yield* send('first', request);
  if (!isCrash(statusOf(first) ?? 0)) return;
  yield* effects('after-first', { ...counted, seen: [first] });
  const repeats = yield* retried('repeat', request, { tools });
  yield* effects('after', { ...counted, seen: [first, ...repeats] });
  if (way === 'crash') yield* send('corrected', outgoing(operation, scope, { key }));
  yield* underFreshKey({ operation, resource }, scope, tools);
}

function refusal(target: Target, evidence: Steps, first: Answered): Judged {
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
  const ignored = ignoredPaths(evidence.baseline, target.resource);
  return passOne(evidence, after, [corrected, again], ignored, [note('key-freed')]);
}

/** The valid payload was refused under the key of the refused one: as another payload, or by the stored refusal. */
function uncorrected(target: Target, evidence: Steps, first: Answered, corrected: Answered): Judged {
  const control = exchangeOf(evidence, 'control');
  if (control === undefined || !isSuccess(control)) return controlFailed(control);
  const { status } = corrected.response;
  const { mismatch, errorsStored } = target.operation.contract;
  const proof = [first, corrected, control];
  if (isCrash(status)) return found(suspect('correction-refused', { status }, proof, { level: 'fail' }));
  const ignored = ignoredPaths(evidence.baseline, target.resource);
  const isStored =
    status === first.response.status &&
    first.response.body !== '' &&
    likeness(first.response, corrected.response, ignored) !== 'other';
  if (!isStored && mismatch.statuses.includes(status)) return pass([note('key-taken', { status })]);
  const isDeclared = isStored && (errorsStored === 'all' || errorsStored === '4xx-only');
  return isDeclared ? pass([note('declared-stored')]) : found(warn('correction-refused', { status }, proof));
}

function failure(target: Target, evidence: Steps, first: Answered): Judged {
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
    const ignored = ignoredPaths(evidence.baseline, target.resource);
    return passOne(evidence, readingOf(evidence, 'after'), [last], ignored, [note('key-freed')]);
  }
  const control = exchangeOf(evidence, 'control');
  if (control === undefined || !isSuccess(control)) return controlFailed(control);
  if (isRefusal(answer.response.status)) return stuck(target, first, answer);
  if (target.way === 'hook') return stored(target, first, answer, control);
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
  { operation }: Target,
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
function stored({ operation }: Target, first: Answered, last: Answered, control: Exchange): Judged {
  const { errorsStored } = operation.contract;
  if (errorsStored === 'all' || errorsStored === 'after-execution') return pass([note('declared-stored')]);
  const isBroken = errorsStored === 'success-only' || errorsStored === 'none' || errorsStored === '4xx-only';
  const extras = isBroken ? ({ level: 'fail', basis: 'declared' } as const) : ({ level: 'warn' } as const);
  return found(suspect('error-stored', { status: last.response.status }, [first, last, control], extras));
}

function stuck({ operation }: Target, first: Answered, last: Answered): Judged {
  const { status } = last.response;
  const waitedMs = (last.endAtUs - first.endAtUs) / 1000;
  const isPatient = waitedMs >= operation.contract.inflightTimeout * 1000;
  const waited = duration(waitedMs / 1000);
  if (isToldToWait(operation.contract, last) && !isPatient) {
    return inconclusive('still-in-flight', { waited });
  }
  const told = isPatient ? fail : suspect;
  return found(told('key-stuck', { first: first.response.status, second: status, waited }, [first, last]));
}

/** What becomes of the key of a request that failed, by what the judge could tell. */
function fateOf(evidence: Steps, verdict: Judged): 'freed' | 'kept' | 'stored' | null {
  if (verdict.verdict === 'inconclusive') return null;
  const codes: readonly string[] = [...verdict.notes, ...('findings' in verdict ? verdict.findings : [])].map(
    ({ code }) => code,
  );
  if (codes.includes('key-freed')) return 'freed';
  if (codes.includes('key-taken')) return 'kept';
  if (codes.includes('declared-stored') || codes.includes('error-stored')) return 'stored';
  const [first, corrected] = [exchangeOf(evidence, 'first'), exchangeOf(evidence, 'corrected')];
  const isFirst = statusOf(first) === statusOf(corrected) && hasAnswer(first) && first.response.body !== '';
  const isSame = isFirst && hasAnswer(corrected) && likeness(first.response, corrected.response, []) !== 'other';
  return codes.includes('correction-refused') && isSame ? 'stored' : null;
}

/** The requests of the case itself, without what it was counted and arranged by. */
function isStep({ step }: Exchange): boolean {
  return ['first', 'repeat', 'corrected', 'corrected-again', 'control'].includes(step);
}
