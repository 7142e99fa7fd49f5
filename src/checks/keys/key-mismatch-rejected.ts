import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { exchangeOf, exchangesOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { seen, type Trait } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, type Finding, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { saysIn200 } from '../lib/http/mentions.js';
import { isCrash, isRefusal, listed, voided } from '../lib/http/statuses.js';
import { differences, parseJson } from '../lib/json/json.js';
import { changedFields, ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isPending, passOne, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { isOutlived } from '../lib/judging/outlived.js';
import { isNaturallyUnique, madeScope, optional } from '../lib/steps/made.js';
import { actsAnew, isReadied, stageForTwo } from '../lib/steps/stage.js';

export const keyMismatchRejected = defineCheck({
  id: 'key-mismatch-rejected',
  group: 'keys',
  title: 'A key used again with another payload is refused and not executed',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.7 (expired)'],
  sends:
    'First the second payload alone, under a key of its own, twice: it must be valid. Then, elsewhere, the first payload with a key, the second payload with that same key, and the first payload again; what the first one made is read before and after.',
  judges:
    'Passes when the second payload is refused with a 4xx and one effect is counted. Fails when what the first request made was changed to the second payload, when a refused request took effect all the same, and when the first request no longer replays afterwards. Executing the second payload, or answering it with the first result as if it had been executed, fails where the user, the spec or the document promises a refusal, and warns elsewhere; a contract that declares it (`mismatch.action`) makes it legal. Stays open when the second payload alone is not accepted.',
  expected: 'A 4xx for the other payload, no second effect, and the first request still replays.',
  why: 'A key used twice by mistake either drops the second operation, with the client told it was done, or does both.',
  fix: 'Store a digest of the payload with the key. When it differs, answer 422 (or what your contract says) before anything is executed, and leave the stored answer alone.',
  guards: [
    'The second payload is shown to be valid by itself first.',
    'Where other actions must come first (a deposit), the state is shown to permit both payloads.',
    'Both payloads carry the same marker, so that the count sees both.',
    'Any 4xx is a refusal; an unusual one is a note. So is a 200 with a code that the contract names.',
    'A change counts only where the record now shows the value of the second payload.',
    'Whether the first request still replays is held against a plain replay of the control.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    executed:
      'The key was used before with another payload; the request was answered with {status} and executed: {count} effects.',
    'replayed-silently':
      'The key was used before with another payload; the request was answered with {status} and not executed, and nothing tells the client so.',
    'original-changed':
      'The second payload was written over what the first request had made: {field} now has its value.',
    crashed: 'The key was used before with another payload; the request was answered with {status}.',
    'original-lost':
      'After the other payload was tried, the first request no longer replays: it was answered with {status}.',
  },
  notes: {
    'declared-replay': 'The contract declares that the first result is given again; that is what happened.',
    'declared-execution': 'The contract declares that another payload is executed; that is what happened.',
  },

  select(subject) {
    const { contract, payloads } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (!payloads.has('changed')) return skip('needs a second, different payload: give the operation a `variant`');
    return subject;
  },

  *probe({ operation, resource }, tools) {
    const trial = yield* stageForTwo({ operation, resource }, tools);
    const idle = yield* effects('idle', { resource, operation, scope: trial, seen: [] }, 'now');
    const request = outgoing(operation, trial, { payload: 'changed', key: tools.key() });
    const control = yield* send('control', request);
    if (!isSuccess(control)) return;
    const tried = { resource, operation, scope: trial, since: idle };
    yield* effects('trial', { ...tried, seen: [control] });
    const repeat = yield* send('control-replay', request);
    yield* effects('trial-end', { ...tried, seen: [control, repeat] });
    // A state that permits but one of the two would refuse the other for that, whatever becomes of the key.
    if (isReadied(operation, tools)) yield* send('both', outgoing(operation, trial, { key: tools.key() }));

    const scope = yield* stageForTwo({ operation, resource }, tools);
    const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    const key = tools.key();
    const original = outgoing(operation, scope, { key });
    const first = yield* send('first', original);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const read = optional(resource.read, madeScope({ operation, resource }, scope, first));
    if (read !== null) yield* send('made', read);
    const mismatch = yield* send('mismatch', outgoing(operation, scope, { payload: 'changed', key }));
    const counted = { resource, operation, scope, since: before };
    yield* effects('after', { ...counted, seen: [first, mismatch] });
    if (read !== null) yield* send('made-after', read);
    const again = yield* send('again', original);
    yield* effects('end', { ...counted, seen: [first, mismatch, again] });
  },

  judge(target, evidence) {
    const [control, first, mismatch] = exchangesOf(evidence, 'control', 'first', 'mismatch');
    const unusable = controlTrouble(control) ?? voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const effect = changed(target, evidence, mismatch) ?? executed(target, evidence, first, mismatch);
    if (effect !== null) return effect;
    if (!hasAnswer(mismatch)) return lostAnswer(mismatch);
    const { status } = mismatch.response;
    const voidMismatch = voided(mismatch);
    if (voidMismatch !== null) return voidMismatch;
    if (isCrash(status)) return found(suspect('crashed', { status }, [first, mismatch]));
    const lost = originalLost(target, evidence, first);
    if (lost !== null) return found(lost);
    if (saysIn200(mismatch, target.operation.contract.mismatchCodes)) {
      return rejected(target, evidence, first, mismatch);
    }
    if (isSuccess(mismatch)) return accepted(target, evidence, first, mismatch);
    if (!isRefusal(status)) return inconclusive('control-failed', { detail: `the other payload: ${status}` });
    const both = exchangeOf(evidence, 'both');
    if (both !== undefined && !isSuccess(both)) {
      const detail = `after the second payload the first one was answered with ${statusOf(both) ?? 'nothing'}`;
      return voided(both) ?? inconclusive('control-failed', { detail });
    }
    const again = exchangeOf(evidence, 'again');
    return hasAnswer(again) ? rejected(target, evidence, first, mismatch) : lostAnswer(again);
  },

  observe(target, evidence) {
    const [control, first, mismatch] = exchangesOf(evidence, 'control', 'first', 'mismatch');
    const isSound = control !== undefined && isSuccess(control) && hasAnswer(first) && isSuccess(first);
    return isSound && hasAnswer(mismatch) ? [whatHappened(target, evidence, first, mismatch)] : [];
  },
});

/** The steps that are judged. */
type Steps = Evidence<
  | 'made'
  | 'made-after'
  | 'first'
  | 'after'
  | 'again'
  | 'end'
  | 'mismatch'
  | 'control'
  | 'control-replay'
  | 'trial'
  | 'trial-end'
>;

type Code = 'executed' | 'replayed-silently' | 'original-changed' | 'crashed' | 'original-lost';
type Judged = Verdict<Code, 'declared-replay' | 'declared-execution'>;

function controlTrouble(control: Exchange | undefined): Verdict<never, never> | null {
  if (!hasAnswer(control)) return lostAnswer(control);
  const { status } = control.response;
  if (isSuccess(control)) return null;
  return (
    voided(control) ??
    inconclusive('control-failed', { detail: `the second payload alone was answered with ${status}` })
  );
}

/** The first record now shows what the second payload says, in a field in which the two differ. */
function changed(target: Subject, evidence: Steps, mismatch: Exchange | undefined): Judged | null {
  const [made, after, first] = exchangesOf(evidence, 'made', 'made-after', 'first');
  if (made === undefined || after === undefined || mismatch === undefined || first === undefined) return null;
  if (!isSuccess(made) || !isSuccess(after)) return null;
  const wanted = differences(parseJson(first.request.body ?? ''), parseJson(mismatch.request.body ?? ''));
  const taken = changedFields(made.response, after.response, ignoredPaths(evidence.preflight, target.resource)).find(
    ({ path, after: value }) => wanted.some(want => nameOf(want.path) === nameOf(path) && isAlike(want.after, value)),
  );
  if (taken === undefined) return null;
  const proof = present(first, made, mismatch, after);
  // A PUT that executes writes over what it made before: that is what executing means there.
  if (target.operation.method === 'PUT') return execution(target, mismatch, 2, proof);
  return found(fail('original-changed', { field: taken.path }, proof));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** The same value, be it a number or its text: `100.5` and `"100.50"`. */
function isAlike(one: unknown, two: unknown): boolean {
  if (one === undefined || two === undefined || one === null || two === null) return false;
  if (typeof one === 'object' || typeof two === 'object') return false;
  const [first, second] = [String(one), String(two)];
  return first === second || (first.trim() !== '' && second.trim() !== '' && Number(first) === Number(second));
}

/** More than one effect: the second payload was executed. A number effect may be any multiple of the first one's. */
function executed(target: Subject, evidence: Steps, first: Exchange, mismatch: Exchange | undefined): Judged | null {
  const after = readingOf(evidence, 'after');
  const count = countOf(after);
  if (count <= 1) return null;
  if (isPending(after, [first, mismatch])) return stillPending(evidence);
  return execution(target, mismatch, count, present(first, mismatch));
}

function execution(
  { operation }: Subject,
  mismatch: Exchange | undefined,
  count: number,
  proof: readonly Exchange[],
): Judged | null {
  const { action, promised } = operation.contract.mismatch;
  const status = statusOf(mismatch);
  const isRefused = status !== null && isRefusal(status);
  if (action === 'execute' && !isRefused) {
    return mismatch !== undefined && isSuccess(mismatch) ? pass([note('declared-execution')]) : null;
  }
  const isDeclared = promised || action !== null;
  const level = isRefused || isDeclared ? 'fail' : 'warn';
  const args = { status: status ?? 'nothing', count };
  return found(fail('executed', args, proof, { level, basis: isDeclared ? 'declared' : 'should' }));
}

/** Answered with success, and one effect: the first result was given out for the second payload. */
function accepted(target: Subject, evidence: Steps, first: Answered, mismatch: Answered): Judged {
  const { status } = mismatch.response;
  const { action, promised } = target.operation.contract.mismatch;
  if (!isFirstResult(target, first, mismatch)) {
    if (status === 202) return stillPending(evidence);
    const ignored = ignoredPaths(evidence.preflight, target.resource);
    const counted = passOne(evidence, readingOf(evidence, 'after'), [first, mismatch], ignored);
    if (counted.verdict !== 'pass') return counted;
  }
  if (action === 'replay-original') return pass([note('declared-replay')]);
  const level = promised && action !== 'execute' ? 'fail' : 'warn';
  const basis = promised || action !== null ? 'declared' : 'should';
  return found(fail('replayed-silently', { status }, [first, mismatch], { level, basis }));
}

/** The answer names the first record. Not so for an action: the id in its answer may be that of its resource. */
function isFirstResult({ operation, resource }: Subject, first: Answered, mismatch: Answered): boolean {
  if (operation.role !== 'create' || resource.id.from !== null) return false;
  const id = resource.id.of(first.response);
  return id !== null && id === resource.id.of(mismatch.response);
}

/** The first request does not replay as the control did: it took effect again, names another id, or is refused. */
function originalLost(target: Subject, evidence: Steps, first: Answered): Finding<'original-lost'> | null {
  const again = exchangeOf(evidence, 'again');
  if (!hasAnswer(again) || voided(again) !== null || !controlReplays(target, evidence)) return null;
  if (isOutlived(target.operation.contract, first, again)) return null;
  const { status } = again.response;
  const [after, end] = [readingOf(evidence, 'after'), readingOf(evidence, 'end')];
  const proof = present(first, exchangeOf(evidence, 'mismatch'), again);
  if (isCrash(status)) return suspect('original-lost', { status }, proof);
  const isRepeated = after?.count === 1 && countOf(end) > 1 && !isPending(end, [first, again]);
  return isRepeated || isRefusal(status) || isOther(target, first, again)
    ? fail('original-lost', { status }, proof)
    : null;
}

/** Whether a plain repeat, with no other payload in between, is answered with success and the same id, and has no effect. */
function controlReplays(target: Subject, evidence: Steps): boolean {
  const [control, replay] = [exchangeOf(evidence, 'control'), exchangeOf(evidence, 'control-replay')];
  if (!hasAnswer(control) || !hasAnswer(replay) || !isSuccess(replay)) return false;
  const [trial, end] = [readingOf(evidence, 'trial'), readingOf(evidence, 'trial-end')];
  return !isOther(target, control, replay) && trial?.count === end?.count;
}

function isOther({ operation, resource }: Subject, first: Answered, second: Answered): boolean {
  if (operation.role !== 'create' || first.response.status === 202 || !isSuccess(second)) return false;
  const [one, two] = [resource.id.of(first.response), resource.id.of(second.response)];
  return one !== null && two !== null && one !== two;
}

function rejected(target: Subject, evidence: Steps, first: Answered, mismatch: Answered): Judged {
  const { status } = mismatch.response;
  const { statuses } = target.operation.contract.mismatch;
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  const isUnusual = !statuses.includes(status);
  return passOne(evidence, readingOf(evidence, 'after'), [first, mismatch], ignored, [
    isUnusual && note('status-outside', { status, expected: listed(statuses) }),
    isNaturallyUnique(target) && (status === 409 || status === 422) && note('unique-constraint', { status }),
  ]);
}

/** What became of the second payload; said only where a plain repeat shows that the key is heeded. */
function whatHappened(target: Subject, evidence: Steps, first: Answered, mismatch: Answered): Trait | null {
  const { operation } = target;
  const { status } = mismatch.response;
  const after = readingOf(evidence, 'after');
  const proof = [first, mismatch];
  if (!controlReplays(target, evidence) || isPending(after, proof)) return null;
  const count = countOf(after);
  if (isRefusal(status) || saysIn200(mismatch, operation.contract.mismatchCodes)) {
    const mayBeUnique = isNaturallyUnique(target) && (status === 409 || status === 422);
    return count > 1 || mayBeUnique ? null : seen('mismatch', status, proof);
  }
  if (!isSuccess(mismatch)) return null;
  if (count > 1) return seen('mismatch', 'executes', proof);
  const isReplay = isFirstResult(target, first, mismatch) || (count === 1 && after?.kind !== 'identity');
  return isReplay ? seen('mismatch', 'replays', proof) : null;
}
