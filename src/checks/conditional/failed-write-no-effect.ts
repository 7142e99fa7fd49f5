import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { strengthOf, type Reading } from '../../core/reading.js';
import { withValues } from '../../core/scope.js';
import { effects, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { cachedBy, isAbsent, isPresent } from '../lib/http/state.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { unlike } from '../lib/http/unlike.js';
import { isSameVersion, underVersion } from '../lib/http/version.js';
import { found } from '../lib/judging/found.js';
import { aftermathOf, shown } from '../lib/judging/refused.js';
import { tookEffect } from '../lib/judging/took-effect.js';
import { optional } from '../lib/steps/made.js';
import { acting, ofActing, permitsMore } from './failed-write-no-effect/not-permitted.js';
import { actsAnew, stage } from '../lib/steps/stage.js';
import { currentVersion, drafted, hasRivals, rivals, settle, writing, writingUnder } from '../lib/steps/writing.js';

/** Answers to a write that say a version is wanted; a 400 is not among them, since it may be the refusal looked for. */
const WANTED: readonly number[] = [409, 412, 428];

/** The variant in which the state refuses what it permitted before. */
const NOT_PERMITTED = 'not-permitted';

export const failedWriteNoEffect = defineCheck({
  id: 'failed-write-no-effect',
  group: 'conditional',
  title: 'A write that was refused changed nothing',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 15.5', 'RFC 9110 section 13.1.1'],
  sends:
    'Sends a request that must be refused (the invalid payload of the spec: wrong in one field, right in the others) between two looks at the state of the resource, or at the count of effects for a create or an action; then the valid one, to see that its effect shows. Variant stale: a valid PUT or PATCH under a version from before another write. Variant unknown-target: an action on an id that was never given out. Variant not-permitted: an action that the state permits once, and then again under another key.',
  judges:
    'Passes when the request is refused with 4xx, nothing has changed, and the valid one is accepted and seen. Fails when something that the refused write says is in the state afterwards, when the refused create or action is counted, and when the unknown target exists afterwards; only warns where the answer was a 5xx. Warns when a field that the write names has changed to something else. Stays open when the request is not refused, when the valid one is refused or does not show, and when nothing but ids could count.',
  expected: 'The state from before the refused request.',
  why: 'A client that reads 4xx believes that nothing happened. Half a change behind a refusal is one that nobody knows of, and the corrected retry comes on top of it.',
  fix: 'Validate everything before the first write, or put all of it into one transaction that a refusal rolls back.',
  guards: [
    'What changes between two reads without a write is left out, and so are versions and times.',
    'The state must show a value that only the refused write brought.',
    'A change to a field which the write does not name is a note: it may be an audit or a counter of failures.',
    'A count must be seen to move with the valid request; ids alone show nothing here.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    applied: 'A write was refused with {status}, and {path} is now {value}, as it says.',
    'state-changed': 'A write was refused with {status}, and {path}, which it names, went from {before} to {after}.',
    'effect-counted': 'A request was refused with {status}, and took effect: {before} before it, {after} after it.',
    'target-created': 'A request to an id that did not exist was refused with {status}, and the id exists now.',
  },
  notes: { 'moved-otherwise': 'Something that the refused write does not name has changed: {paths}.' },
  variants: [null, 'stale', 'unknown-target', NOT_PERMITTED],

  select(subject, variant) {
    const { operation, resource } = subject;
    const { role, payloads } = operation;
    const isWrite = role === 'replace' || role === 'update';
    if (!isWrite && !actsAnew(subject)) return skip('neither a create, an update nor an action');
    if (resource.create === null && role !== 'create') return skip('no create operation to make something to write to');
    if (isWrite && resource.read === null) return skip('no read operation to see the state with');
    const isOfActions = variant === 'unknown-target' || variant === NOT_PERMITTED;
    if (isOfActions && !role.startsWith('action:')) return skip('not an action on a resource');
    if (variant === 'stale' && !isWrite) return skip('not a write to a resource');
    if (variant === 'stale' && !hasRivals(operation)) return skip('no second, different body is known');
    if (variant === null && !payloads.has('invalid')) {
      return skip('no payload that must be refused; give one in the spec, such as faults: {invalid: {amount: -1}}');
    }
    return { operation, resource, read: resource.read, isWrite, variant };
  },

  misfit: ({ variant }, preflight) => (variant === NOT_PERMITTED ? permitsMore(preflight) : null),

  *probe(target, tools) {
    if (target.variant === NOT_PERMITTED) yield* acting(target, tools);
    else yield* target.isWrite ? written(target, tools) : acted(target, tools);
  },

  judge(target, evidence) {
    if (target.variant === NOT_PERMITTED) return ofActing(evidence);
    const refused = lastOf(evidence, 'refused');
    const early = [lastOf(evidence, 'before'), lastOf(evidence, 'A')];
    const unusable = voided(...early) ?? unready(target, evidence);
    if (unusable !== null) return unusable;
    if (!hasAnswer(refused)) return lostAnswer(refused);
    if (voided(refused) !== null) return voided(refused) ?? lostAnswer(refused);
    const { status } = refused.response;
    if (!isRefusal(status) && !isCrash(status)) {
      const what = { stale: 'an outdated version', 'unknown-target': 'an unknown target' }[target.variant ?? ''];
      const detail = `the request with ${what ?? 'the invalid payload'} was answered with ${status}`;
      return inconclusive('control-failed', { detail });
    }
    return target.isWrite ? ofWrite(target, evidence, refused) : ofAct(target, evidence, refused);
  },
});

/** The steps that are judged. */
type Steps = Evidence<
  'count' | 'count after' | 'count valid' | 'start' | 'A' | 'after A' | 'before' | 'after' | 'valid' | 'valid state'
>;

type Target = Pick<Subject, 'operation' | 'resource'> & {
  readonly read: Operation | null;
  readonly isWrite: boolean;
  readonly variant: string | null;
};
type Code = 'applied' | 'state-changed' | 'effect-counted' | 'target-created';
type Judged = Verdict<Code, 'moved-otherwise'>;

function* written(target: Target, tools: Tools) {
  const { operation, resource, read, variant } = target;
  if (read === null) return;
  const { scope } = yield* make(resource, tools);
  const place = { resource, scope };
  const look = outgoing(read, scope);
  yield* settle(tools);
  const [other, body] = rivals(operation, place, tools);
  const start = variant === null ? null : yield* currentVersion('start', place);
  if (variant !== null) {
    if (start === null) return;
    if (!isSuccess(yield* writingUnder('A', drafted(operation, other, tools), place, start))) return;
    yield* settle(tools);
    if (isSameVersion(yield* currentVersion('after A', place), start)) return;
  }
  yield* send('before', look);
  yield* send('before', look);
  const invalid = () => drafted(operation, { scope, payload: 'invalid' }, tools);
  const refused =
    start === null
      ? yield* writing('refused', invalid(), place, { wanted: WANTED })
      : yield* send('refused', underVersion(drafted(operation, body, tools), resource, start));
  yield* settle(tools);
  yield* send('after', look);
  if (!isRefusal(statusOf(refused) ?? 0)) return;
  yield* writing('valid', drafted(operation, start === null ? other : body, tools), place);
  yield* settle(tools);
  yield* send('valid state', look);
}

function* acted(target: Target, tools: Tools) {
  const { operation, resource, read, variant } = target;
  const scope = yield* stage(target, tools);
  if (operation.role !== 'create') yield* settle(tools);
  const isUnknown = variant !== null;
  const meant = isUnknown ? withValues(scope, { id: unlike(String(scope.values['id'] ?? '')) }) : scope;
  const look = isUnknown ? optional(read, meant) : null;
  if (look !== null) yield* send('before', look);
  const counted = { resource, operation, scope };
  const before = yield* effects('count', { ...counted, seen: [] }, 'now');
  const payload = isUnknown ? 'body' : 'invalid';
  const refused = yield* send('refused', outgoing(operation, meant, { payload, key: tools.key() }));
  yield* effects('count after', { ...counted, seen: [refused], since: before });
  if (look !== null) yield* send('after', look);
  if (look !== null) yield* send('after', look);
  if (!isRefusal(statusOf(refused) ?? 0)) return;
  const valid = yield* send('valid', outgoing(operation, scope, { key: tools.key() }));
  yield* effects('count valid', { ...counted, seen: [refused, valid], since: before });
}

/** Why the case did not come to the request that must be refused; `null` when it did. */
function unready({ isWrite, variant }: Target, evidence: Steps) {
  if (!isWrite) return null;
  if (variant !== null) {
    const [start, a] = [lastOf(evidence, 'start'), lastOf(evidence, 'A')];
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    if (a === undefined) return inconclusive('no-version');
    const open = needsSuccess(a);
    if (open !== null) return open;
    const isStuck = exchangeOf(evidence, 'after A') !== undefined && exchangeOf(evidence, 'before') === undefined;
    if (isStuck) return inconclusive('control-failed', { detail: 'the write of client A left the version as it was' });
  }
  return needsSuccess(lastOf(evidence, 'before'));
}

function ofWrite(target: Target, evidence: Steps, refused: Answered): Judged {
  const { status } = refused.response;
  const [early, state] = allOf(evidence, 'before');
  const after = exchangeOf(evidence, 'after');
  const aftermath = aftermathOf(target.resource, refused, [early, state], after);
  const unseen = voided(after) ?? needsSuccess(after);
  if (unseen !== null) return unseen;
  if (aftermath === null) return inconclusive('unsteady');
  const [[taken], [touched]] = [aftermath.taken, aftermath.touched];
  const proof = present(state, refused, after);
  if (taken !== undefined) {
    const level = isCrash(status) ? 'warn' : 'fail';
    return found(fail('applied', { status, path: taken.path, value: shown(taken.after) }, proof, { level }));
  }
  if (touched !== undefined) {
    const { path, before, after: now } = touched;
    return found(warn('state-changed', { status, path, before: shown(before), after: shown(now) }, proof));
  }
  if (isCrash(status)) return inconclusive('control-failed', { detail: `the request was answered with ${status}` });
  const [valid, validState] = [lastOf(evidence, 'valid'), exchangeOf(evidence, 'valid state')];
  const open = validTrouble(valid) ?? voided(validState) ?? needsSuccess(validState);
  if (open !== null || !hasAnswer(valid)) return open ?? lostAnswer(valid);
  if (tookEffect(target, valid, [state, after], validState) !== 'yes') return inconclusive('no-effect');
  const paths = aftermath.other.map(({ path }) => path).join(', ');
  return pass([paths !== '' && note('moved-otherwise', { paths })]);
}

/** Why the valid request shows nothing; `null` when it was accepted. */
function validTrouble(valid: Exchange | undefined) {
  if (!hasAnswer(valid)) return lostAnswer(valid);
  if (isSuccess(valid)) return null;
  const detail = `the valid request was answered with ${statusOf(valid)}`;
  return voided(valid) ?? inconclusive('control-failed', { detail });
}

function ofAct(target: Target, evidence: Steps, refused: Answered): Judged {
  const { resource } = target;
  const { status } = refused.response;
  const level = isCrash(status) ? 'warn' : 'fail';
  const [before, after] = [readingOf(evidence, 'count'), readingOf(evidence, 'count after')];
  const valid = readingOf(evidence, 'count valid');
  const [missing, looks] = [exchangeOf(evidence, 'before'), allOf(evidence, 'after')];
  const isThere = looks.length > 1 && looks.every(look => isPresent(resource, look) && cachedBy(look) === null);
  if (missing !== undefined && isAbsent(resource, missing) && isThere) {
    return found(fail('target-created', { status }, [missing, refused, ...looks], { level }));
  }
  const to = amountOf(after);
  // A list that must be compared with an earlier one has none at first, and starts at nothing.
  const from = amountOf(before) ?? (after?.kind === 'number' ? null : 0);
  const isCounted = strengthOf(after?.kind ?? 'none') === 'direct';
  if (isCounted && from !== null && to !== null && from !== to) {
    return found(fail('effect-counted', { status, before: from, after: to }, [refused], { level }));
  }
  if (isCrash(status)) return inconclusive('control-failed', { detail: `the request was answered with ${status}` });
  if (!isCounted) return inconclusive('oracle-blind');
  if (from === null || to === null) {
    return inconclusive('oracle-failed', { detail: after?.trouble ?? 'no number came back' });
  }
  const open = validTrouble(exchangeOf(evidence, 'valid'));
  if (open !== null) return open;
  const shows = amountOf(valid);
  if (shows === null) return inconclusive('oracle-failed', { detail: valid?.trouble ?? 'no number came back' });
  return shows === to ? inconclusive('no-effect') : pass();
}

/** What a reading shows to compare: the number itself where effects move one, else how many there are. */
function amountOf(reading: Reading | undefined): number | null {
  if (reading === undefined) return null;
  // A number that others move, too, says nothing of an effect.
  return reading.kind === 'number' && reading.trouble === null ? reading.value : reading.count;
}
