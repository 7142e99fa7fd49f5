import { arrange, make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { type Evidence, exchangeOf, exchangesOf, lastOf } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { send } from '../../core/step.js';
import { fail, inconclusive, note, pass, suspect } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { changesBetween, readTrouble, restlessPaths } from '../lib/http/state.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { underVersion } from '../lib/http/version.js';
import { isTimeField, isVersionField } from '../lib/json/fields.js';
import type { Difference } from '../lib/json/json.js';
import { found } from '../lib/judging/found.js';
import { movedAgain } from '../lib/judging/elsewhere.js';
import { shown } from '../lib/judging/refused.js';
import { countElsewhere, lookElsewhere } from '../lib/steps/elsewhere.js';
import { attempt, settle, writing } from '../lib/steps/writing.js';

/** The reads of the case, in their order. */
const READS = ['before', 'state', 'control', 'after replay', 'after other'] as const;

export const patchKeySingleApply = defineCheck({
  id: 'patch-key-single-apply',
  group: 'patch',
  title: 'A PATCH with a key is applied once',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 1', 'RFC 5789 section 2', 'RFC 6902'],
  sends:
    'Patches a resource under a key and reads it twice; sends the same request again under the same key, and reads; then the same patch under a new key, and reads. Where a PATCH was seen to move something on a parent, that is looked at before and after each of the first two. The patch must add up: a JSON Patch that appends to a list, an increment.',
  judges:
    'Passes when the repeat under the same key changes nothing that the first one changed, and the patch under a new key changes it again. Fails when the repeat changes it again, and when it moved a parent once more by what the first one moved it. Warns when the repeat crashes, again on a fresh resource, and nothing was applied twice. Stays open when the patch under a new key changes nothing either: then one application cannot be told from two.',
  expected: 'One application, and for the repeat the first answer.',
  why: 'A PATCH that appends or adds is no safer to retry than a POST: without its key, a lost answer means two tags, two increments, two lines on an invoice.',
  fix: 'Take PATCH through the same key layer as POST: store the key with the effect, in one transaction, and answer a repeat from what is stored.',
  guards: [
    'The place that the repeat changes must be one that the first patch was seen to change.',
    'What changes between two reads without a write is left out, and so are versions and times.',
    'A repeat that is refused and changes nothing is fine; one that went out after a declared lifetime decides nothing.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    'applied-twice': 'Two PATCHes under one key were both applied: {what}.',
    'replay-crashed': 'The repeat under the same key was answered with {status}; the patch was applied once.',
  },
  notes: { 'replay-refused': 'The repeat under the same key was refused with {status}, and changed nothing.' },

  select({ operation, resource }) {
    const { role, method, contract } = operation;
    if (method !== 'PATCH' || (role !== 'update' && !role.startsWith('action:'))) return skip('not a PATCH');
    if (contract.key === null) return skip('takes no idempotency key');
    if (resource.read === null) return skip('no read operation to see the state with');
    if (resource.create === null && resource.parents.length === 0) {
      return skip('no create operation to make something to patch');
    }
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const scope = resource.create === null ? yield* arrange(resource, tools) : (yield* make(resource, tools)).scope;
    const place = { resource, scope };
    const look = outgoing(read, scope);
    yield* settle(tools);
    yield* send('before', look);
    const keyed = outgoing(operation, scope, { key: tools.key() });
    const looked = yield* lookElsewhere({ operation, resource }, scope, tools);
    const { exchange: first, version } = yield* attempt('first', keyed, place);
    if (!isSuccess(first)) return;
    yield* settle(tools);
    yield* send('state', look);
    yield* settle(tools);
    yield* send('control', look);
    yield* countElsewhere('elsewhere once', looked, [first]);
    const replay = yield* send('replay', version === null ? keyed : underVersion(keyed, resource, version));
    yield* settle(tools);
    yield* countElsewhere('elsewhere after', looked, [first, replay]);
    yield* send('after replay', look);
    yield* writing('other', outgoing(operation, scope, { key: tools.key() }), place);
    yield* settle(tools);
    yield* send('after other', look);
  },

  judge({ operation, resource }, evidence) {
    const [first, replay] = [lastOf(evidence, 'first'), exchangeOf(evidence, 'replay')];
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || first === undefined) return unusable ?? lostAnswer(first);
    if (isLate(operation, first, replay)) {
      return inconclusive('control-failed', { detail: 'the repeat went out after the key had expired' });
    }
    const [own, again, other] = changesOf(resource, evidence);
    const twice = again?.find(change => own !== null && isAmong(own, change));
    if (twice !== undefined && replay !== undefined) {
      const { path, before, after } = twice;
      const proof = present(first, exchangeOf(evidence, 'control'), replay, exchangeOf(evidence, 'after replay'));
      const what = `${path} went from ${shown(before)} to ${shown(after)} with the second`;
      return found(fail('applied-twice', { what }, proof));
    }
    const moved = movedAgain(evidence);
    if (moved !== null) {
      return found(
        fail(
          'applied-twice',
          { what: `together they moved ${moved}, and one moves half of it` },
          present(first, replay),
        ),
      );
    }
    if (!hasAnswer(replay)) return lostAnswer(replay);
    const { status } = replay.response;
    const open = voided(replay) ?? readTrouble(exchangesOf(evidence, ...READS).slice(0, 4));
    if (open !== null) return open;
    if (own === null || again === null) return inconclusive('unsteady');
    if (isCrash(status)) return found(suspect('replay-crashed', { status }, [first, replay], { level: 'warn' }));
    return otherwise(evidence, own, other) ?? pass([isRefusal(status) && note('replay-refused', { status })]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'other' | (typeof READS)[number]>;

/** Whether the repeat went out when the key need no longer be known. */
function isLate({ contract }: Operation, first: Exchange, replay: Exchange | undefined): boolean {
  const sentAtUs = replay?.sentAtUs ?? null;
  return typeof contract.ttl === 'number' && sentAtUs !== null && sentAtUs - first.endAtUs >= contract.ttl * 1_000_000;
}

type Changes = readonly Difference[] | null;

/** What the first patch changed, what its repeat did, and what the one under a new key did; `null` = not known. */
function changesOf(resource: Subject['resource'], evidence: Steps): readonly [Changes, Changes, Changes] {
  const [before, state, control, replayed, other] = exchangesOf(evidence, ...READS);
  const restless = restlessPaths(resource, state, control);
  const between = (one: typeof before, two: typeof before): Changes =>
    changesBetween(one, two, restless)?.filter(({ path }) => !isVersionField(path) && !isTimeField(path)) ?? null;
  return [between(before, state), between(control, replayed), between(replayed, other)];
}

/** Whether a change is at a place where others are; any index of a list stands for every one. */
function isAmong(changes: readonly Difference[], { path }: Difference): boolean {
  const place = placeOf(path);
  return changes.some(one => placeOf(one.path) === place);
}

/** The place a path stands for. An item of a list stands for the list, since what is appended has an index of its own. */
function placeOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[*]');
}

/** Why one application cannot be told from two; `null` when the patch under a new key shows that it can. */
function otherwise(evidence: Steps, own: readonly Difference[], other: Changes) {
  const second = lastOf(evidence, 'other');
  if (!hasAnswer(second)) return lostAnswer(second);
  if (!isSuccess(second)) {
    const detail = `the patch under a new key was answered with ${statusOf(second)}`;
    return voided(second) ?? inconclusive('control-failed', { detail });
  }
  const open = readTrouble([exchangeOf(evidence, 'after other')]);
  if (open !== null) return open;
  if (other?.some(change => isAmong(own, change)) === true) return null;
  const detail = 'the patch under a new key changes nothing either, so that one application cannot be told from two';
  return inconclusive('control-failed', { detail });
}
