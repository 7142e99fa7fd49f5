import { outgoing } from '../../core/arrange.js';
import { defineCheck, isSkip, skip, type Skip, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { strengthOf, type Reading } from '../../core/reading.js';
import { operationsOf, type Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, type Finding, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { carriesId } from '../lib/http/mentions.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { IDLE_KEY, isCopy, isKeyIdle, isTelling } from '../lib/judging/copies.js';
import { countTrouble } from '../lib/judging/counting.js';
import { passOne, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { isOutlived } from '../lib/judging/outlived.js';
import { actsAnew, stage } from '../lib/steps/stage.js';

/** An operation with its resource. */
type Place = Pick<Subject, 'operation' | 'resource'>;

/** The operation that uses the key first, and the one that meets it then. */
interface Target extends Place {
  readonly first: Place;
  /** Both are one operation, on two paths. */
  readonly isByPath: boolean;
}

export const scopeEndpoint = defineCheck({
  id: 'scope-endpoint',
  group: 'scope',
  title: 'A key used on one operation does not answer another',
  severity: 'high',
  basis: 'convention',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.4 (expired)'],
  variants: [null, 'path'],
  sends:
    'A keyed request of another operation of the spec, and its repeat; then this operation with the same key, on a resource of its own; then the other operation again. The variant `path` takes the same operation for both, on two resources or below two parents, with the same body.',
  judges:
    'Passes when the second operation is executed, or refused. Fails when it is answered with what the first one stored, when it is answered with success and has no effect, and when the first operation no longer replays afterwards. A 500 fails when it comes again. Stays open when nothing shows the effect of the second operation.',
  expected: 'The second operation is executed, or refused because of the key.',
  why: 'A client that reuses a key by mistake, or numbers its keys, is told that a payment was made which never was.',
  fix: 'Store method and path with the key, or make them part of what is looked up.',
  guards: [
    'Both executing and refusing are legal: providers do either.',
    'Equal answers prove nothing by themselves: the second operation must have had no effect, or the answer must carry the id the first one made.',
    'The key must have been seen to protect the first operation; a repeat after its declared lifetime says nothing.',
    'A success without an effect counts only when it comes again on fresh resources.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'answered-for-other':
      'The key was used on {first} before; this operation was answered with the stored answer of that ({status}) and not executed.',
    'not-executed': 'The key was used on {first} before; this operation was answered with {status} and had no effect.',
    'original-lost': 'After the key met this operation, {first} no longer replays: it was answered with {status}.',
    crashed: 'The key was used on {first} before; this operation was answered with {status}.',
  },
  notes: { refused: 'Refused with {status}: a key belongs to the operation it was used on first.' },

  select(subject, variant): Target | Skip {
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.contract.key === null) return skip('takes no idempotency key');
    const { operation, resource } = subject;
    const first = variant === 'path' ? samePlace(subject) : otherPlace(subject);
    return isSkip(first) ? first : { operation, resource, first, isByPath: variant === 'path' };
  },

  *probe({ operation, resource, first: place, isByPath }, tools) {
    const firstScope = yield* stage(place, tools);
    const own = yield* stage({ operation, resource }, tools);
    // The same marker, so that both requests have the same body.
    const scope: Scope = isByPath ? { ...firstScope, values: own.values } : own;
    const key = tools.key();
    const original = outgoing(place.operation, firstScope, { key });
    const other = outgoing(operation, scope, { key });
    if (isByPath && (original.request.path === other.request.path || original.request.body !== other.request.body))
      return;
    const first = yield* send('first', original);
    if (!isSuccess(first)) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    yield* send('first-repeat', original);
    yield* meet({ operation, resource }, scope, other, tools);
    yield* send('first-again', original);
  },

  judge(target, evidence) {
    const first = exchangeOf(evidence, 'first');
    if (first === undefined && target.isByPath) {
      return inconclusive('control-failed', {
        detail: 'no two requests with the same body on two paths could be built',
      });
    }
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    if (isKeyIdle(target.first, first, exchangeOf(evidence, 'first-repeat')))
      return inconclusive('control-failed', IDLE_KEY);
    const second = exchangeOf(evidence, 'second');
    if (!hasAnswer(second)) return lostAnswer(second);
    const odd = voided(second);
    if (odd !== null) return odd;
    const { status } = second.response;
    const args = { first: target.first.operation.name, status };
    if (isCrash(status)) return found(suspect('crashed', args, [first, second]));
    const lost = originalLost(target, evidence, first);
    if (isSuccess(second))
      return accepted(target, evidence, first, second) ?? lostOr(lost, executed(target, evidence, second));
    if (!isRefusal(status)) return inconclusive('control-failed', { detail: `the second operation: ${status}` });
    if ((delta(evidence) ?? 0) > 0)
      return inconclusive('control-failed', { detail: `refused with ${status}, and executed` });
    return lostOr(lost, pass([note('refused', { status })]));
  },

  observe({ isByPath }, evidence, verdict) {
    const [first, second] = [exchangeOf(evidence, 'first'), exchangeOf(evidence, 'second')];
    if (verdict.verdict === 'inconclusive' || !hasAnswer(first) || !hasAnswer(second)) return [];
    const name = isByPath ? 'paths' : 'endpoints';
    const proof = [first, second];
    const isShared = 'findings' in verdict && verdict.findings.some(({ code }) => code === 'answered-for-other');
    if (isShared) return [seen(name, 'shared', proof)];
    if (verdict.verdict !== 'pass') return [];
    const { status } = second.response;
    return [seen(name, isSuccess(second) ? 'separate' : status, proof)];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'before' | 'after' | 'first-repeat' | 'first-again' | 'second'>;

type Code = 'answered-for-other' | 'not-executed' | 'original-lost' | 'crashed';
type Judged = Verdict<Code, 'refused'>;

/** The second operation meets the key; its effects are counted from just before. */
function* meet({ operation, resource }: Place, scope: Scope, request: ReturnType<typeof outgoing>, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const second = yield* send('second', request);
  yield* later('visible', tools.preflight.lagMs);
  yield* effects('after', { resource, operation, scope, seen: [second], since: before });
}

function samePlace({ operation, resource }: Subject): Place | Skip {
  const isBelow = resource.parents.length > 0 || operation.role !== 'create' || resource.id.from !== null;
  if (!operation.path.includes('{') || !isBelow) return skip('its path has no parameter');
  return { operation, resource };
}

/** Another operation that takes a key: of the same resource, of a parent or child, of any other; in the same place first. */
function otherPlace({ operation, resource, resources }: Subject): Place | Skip {
  const { key } = operation.contract;
  const isKin = (one: Resource) => one.parents.includes(resource) || resource.parents.includes(one);
  const rank = ({ operation: { contract }, resource: one }: Place) =>
    (one.name === resource.name ? 0 : isKin(one) ? 1 : 2) +
    (contract.key?.in === key?.in && contract.key?.name === key?.name ? 0 : 3);
  const [place] = resources
    .flatMap(one => operationsOf(one).map(other => ({ operation: other, resource: one })))
    .filter(({ operation: other }) => other.name !== operation.name && isActing(other))
    .toSorted((a, b) => rank(a) - rank(b));
  return place ?? skip('no other operation of the spec takes a key');
}

function isActing({ role, contract }: Operation): boolean {
  return contract.key !== null && (role === 'create' || role.startsWith('action:'));
}

/** Effects of the second operation, directly counted; `null` where they were not. */
function delta(evidence: Steps): number | null {
  const [before, after] = [readingOf(evidence, 'before'), readingOf(evidence, 'after')];
  if (after === undefined || after.count === null || strengthOf(after.kind) !== 'direct') return null;
  // A number is counted from the reading before already.
  return after.kind === 'number' ? after.count : after.count - (before?.count ?? 0);
}

/** Success that was none of the second operation's. */
function accepted(target: Target, evidence: Steps, first: Answered, second: Answered): Judged | null {
  const { status } = second.response;
  const args = { first: target.first.operation.name, status };
  const effect = delta(evidence);
  if (effect !== null && effect > 0) return null;
  const isOfFirst = namesFirst(target.first, first, second) || (effect === 0 && isCopy(first, second));
  if (isOfFirst) return found(fail('answered-for-other', args, [first, second]));
  if (effect === null || countTrouble(evidence, readingOf(evidence, 'after')) !== null) return null;
  return status === 202 ? stillPending(evidence) : found(suspect('not-executed', args, [first, second]));
}

/** Whether an answer carries the id that the first operation made. The two were arranged apart. */
function namesFirst({ operation, resource }: Place, first: Answered, second: Answered): boolean {
  if (operation.role !== 'create' || resource.id.from !== null) return false;
  const id = resource.id.of(first.response);
  return id !== null && isTelling(id) && carriesId(second.response, id);
}

function executed(target: Target, evidence: Steps, second: Answered): Judged {
  const effect = delta(evidence);
  const after = readingOf(evidence, 'after');
  const reading: Reading | undefined = after === undefined || effect === null ? after : { ...after, count: effect };
  return passOne(evidence, reading, [second], ignoredPaths(evidence.preflight, target.resource));
}

function lostOr(lost: Finding<Code> | null, otherwise: Judged): Judged {
  return lost === null ? otherwise : found(lost);
}

/** The first operation's repeat is refused, or names another record, though it replayed before the key met the second. */
function originalLost({ first: place }: Target, evidence: Steps, first: Answered): Finding<Code> | null {
  const [repeat, again] = [exchangeOf(evidence, 'first-repeat'), exchangeOf(evidence, 'first-again')];
  if (!hasAnswer(repeat) || !hasAnswer(again) || !isSuccess(repeat) || voided(again) !== null) return null;
  if (isOutlived(place.operation.contract, first, again)) return null;
  const { status } = again.response;
  const args = { first: place.operation.name, status };
  const proof: readonly Exchange[] = present(first, repeat, exchangeOf(evidence, 'second'), again);
  if (isRefusal(status) || isKeyIdle(place, repeat, again)) return fail('original-lost', args, proof);
  if (isCrash(status)) return suspect('original-lost', args, proof);
  return isCopy(first, repeat) && !isCopy(repeat, again) ? suspect('original-lost', args, proof) : null;
}
