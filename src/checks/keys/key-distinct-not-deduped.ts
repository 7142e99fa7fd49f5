import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { header, isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import { strengthOf } from '../../core/reading.js';
import type { Scope } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { Trouble } from '../../core/trouble.js';
import { fail, inconclusive, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isRefusal, voided } from '../lib/http/statuses.js';
import { countOf, countTrouble, passCounted } from '../lib/judging/counting.js';
import { isPending, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { isNaturallyUnique } from '../lib/steps/made.js';
import { keyedSubject, sibling, stage } from '../lib/steps/stage.js';

export const keyDistinctNotDeduped = defineCheck({
  id: 'key-distinct-not-deduped',
  group: 'keys',
  title: 'The same request under another key is another operation',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 sections 2.2 and 2.4 (expired)'],
  sends:
    'The request with a key; once it is answered, the same request with another key; for an action that the state of a resource permits once, on another resource. Where a field of the body is unique by itself, or the client chooses the id, that value is a new one in the second request.',
  judges:
    'Passes when two effects are counted. Fails when the second request had none and yet claims to have created (201 with the first id), carries the replay marker, is answered as the first one was where creates are answered with 200 alone, or nothing in the body is unique (`unique: []`). Warns when it is answered with success and the existing resource: that may be meant. Stays open when the second request is refused and nobody said whether a field is unique.',
  expected: 'Two effects: each key is an operation of its own.',
  why: 'Two equal orders a minute apart are two orders. An API that drops the second tells the client it was placed.',
  fix: 'Look a request up by its key, not by a digest of its body. A digest only tells whether a key is used again with the same payload.',
  guards: [
    'A refusal of the second request fails only where the spec says that nothing in the body is unique.',
    'A get-or-create (200 with the existing resource, where what is new gets 201) is a warning.',
    'A missing effect counts only by an oracle that was seen to count to two.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'second-deduplicated':
      'Under another key the same request was answered with {status} and took no effect of its own: it was taken for a repeat of the first.',
    'returned-existing':
      'Under another key the same request was answered with {status} and took no second effect: what the first one did stands for both.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const scope = yield* stage({ operation, resource }, tools);
    const isOnce = tools.preflight.secondRefused !== undefined;
    const other = isOnce
      ? yield* stage({ operation, resource }, tools)
      : secondScope({ operation, resource }, scope, tools);
    const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
    const first = yield* send('first', outgoing(operation, scope, { key: tools.key() }));
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const between =
      other === scope ? before : yield* effects('before', { resource, operation, scope: other, seen: [] }, 'now');
    const second = yield* send('second', outgoing(operation, other, { key: tools.key() }));
    const seen = other === scope ? [first, second] : [second];
    yield* effects('after', { resource, operation, scope: other, seen, since: between });
  },

  judge(target, evidence) {
    const [first, second] = [exchangeOf(evidence, 'first'), exchangeOf(evidence, 'second')];
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const after = readingOf(evidence, 'after');
    const count = effectsOfBoth(target, evidence, isSameRecord(target, first, second));
    const isRefused = isRefusal(statusOf(second) ?? 0);
    if (count >= 2 && !isRefused)
      return isPending(after, [first, second]) ? stillPending(evidence) : passCounted(evidence, after);
    if (!hasAnswer(second)) return lostAnswer(second);
    if (isSuccess(second)) return swallowed(target, evidence, first, second);
    return voided(second) ?? refusal(target, first, second);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after'>;

type Judged = Verdict<'second-deduplicated' | 'returned-existing', never>;

/**
 * The scope of the second request: the same, or where something in it is unique by itself one with new values. Throws
 * Trouble `control-failed` when those turn out to be the same.
 */
function secondScope(target: Pick<Subject, 'operation' | 'resource'>, scope: Scope, tools: Tools): Scope {
  const { operation, resource } = target;
  if (!isNaturallyUnique(target)) return scope;
  const other =
    operation.role === 'create' ? sibling(resource, scope, tools) : { ...tools.fresh(), values: scope.values };
  const [one, two] = [scope, other].map(each => outgoing(operation, each).request);
  if (one?.body === two?.body && one?.path === two?.path) {
    throw new Trouble('control-failed', {
      detail: 'a unique field has the same value in every request; use {{marker}}',
    });
  }
  return other;
}

/** Whether the second request has a scope of its own: something in it is unique, or the state permits it once. */
function isApart(target: Subject, { preflight }: Steps): boolean {
  return isNaturallyUnique(target) || preflight.secondRefused !== undefined;
}

/** In one scope the reading counts both requests; in a scope of its own the second alone. */
function effectsOfBoth(target: Subject, evidence: Steps, isSame: boolean): number {
  const after = readingOf(evidence, 'after');
  if (!isApart(target, evidence)) return countOf(after);
  return isSame ? 1 : 1 + countOf(after);
}

/** Whether both answers of a create show the same id. The id in an action's answer may be that of its resource. */
function isSameRecord({ operation, resource }: Subject, first: Answered, second: Exchange | undefined): boolean {
  if (operation.role !== 'create' || !hasAnswer(second)) return false;
  const id = resource.id.of(first.response);
  return id !== null && id === resource.id.of(second.response);
}

/** The second request was answered with success, and a second effect was not seen. */
function swallowed(target: Subject, evidence: Steps, first: Answered, second: Answered): Judged {
  const { status } = second.response;
  const isSame = isSameRecord(target, first, second);
  const deduplicated = found(fail('second-deduplicated', { status }, [first, second]));
  if ((isSame && status === 201) || isMarkedReplay(target, first, second)) return deduplicated;
  const after = readingOf(evidence, 'after');
  const uncounted = isSame ? null : countTrouble(evidence, after);
  if (uncounted !== null) return uncounted;
  if (status === 202) return stillPending(evidence);
  if (!isSame && !isApart(target, evidence) && after?.count !== 1) return inconclusive('no-effect');
  if (
    isNothingUnique(target) ||
    isLikeCreated(target, evidence, first, second) ||
    (status === 201 && target.operation.role === 'create')
  )
    return deduplicated;
  return found(warn('returned-existing', { status }, [first, second]));
}

/**
 * Whether the second answer says what the first one said of a record that it had made for certain: where that is no 201, a
 * client cannot tell that there is none.
 */
function isLikeCreated(target: Subject, evidence: Steps, first: Answered, second: Answered): boolean {
  const after = readingOf(evidence, 'after');
  const isMade = after?.count === 1 && strengthOf(after.kind) === 'direct' && !isNaturallyUnique(target);
  return isMade && isSameRecord(target, first, second) && first.response.status === second.response.status;
}

function isNothingUnique(target: Subject): boolean {
  return target.operation.unique !== null && !isNaturallyUnique(target);
}

function isMarkedReplay({ operation }: Subject, first: Answered, second: Answered): boolean {
  const { marker } = operation.contract;
  if (marker === null || header(first.response, marker.header) !== null) return false;
  const value = header(second.response, marker.header);
  return value !== null && (marker.value === null || marker.value.toLowerCase() === value.toLowerCase());
}

function refusal(target: Subject, first: Answered, second: Answered): Judged {
  const { status } = second.response;
  const isConflict = status === 409 || status === 422;
  if (isConflict && isNothingUnique(target)) return found(fail('second-deduplicated', { status }, [first, second]));
  const detail = `the second request, under another key, was answered with ${status}`;
  const advice = isConflict && !isNaturallyUnique(target) ? '; say in "unique" which fields are unique, if any' : '';
  return inconclusive('control-failed', { detail: `${detail}${advice}` });
}
