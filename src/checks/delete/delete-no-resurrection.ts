import { idIn, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, type Evidence, exchangeOf, lastOf, readingOf } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { withValues } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { fail, inconclusive, note, suspect, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isAbsent, isPresent } from '../lib/http/state.js';
import { isCrash, voided } from '../lib/http/statuses.js';
import { countOf, countTrouble, passCounted } from '../lib/judging/counting.js';
import { duration, measured } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { ageOf, mostAgeOf, sampleOf, unclearBecause } from '../lib/judging/lifetime.js';
import { type Planted, planting, repeating, type RepeatSteps } from '../lib/steps/aged-key.js';
import { madeScope } from '../lib/steps/made.js';
import { settle, writing } from '../lib/steps/writing.js';
import { lateWriteVerdict, writtenAfterDelete } from './delete-no-resurrection/written-after-delete.js';

/** Ages at which a retry comes late, seconds; the greatest that fits is tried, beside one at once. */
const LATE: readonly number[] = [5, 35, 70];

/** The part of a declared lifetime within which the key must be known. */
const DUE = 0.9;

/** A round of the sibling key, which belongs to the round so many before. */
const SIBLING = 2;

export const deleteNoResurrection = defineCheck({
  id: 'delete-no-resurrection',
  group: 'delete',
  isLate: true,
  title: 'A late request does not bring a deleted resource back',
  severity: 'critical',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)', "AWS Builders' Library"],
  sends:
    'Creates two resources with a key each, and two siblings. Deletes the first two, sees that they are gone, and sends their creates once more with the same key: one at once, one when it is 5, 35 or 70 s old, as far as `--max-wait` and the declared lifetime go. Then reads, counts, and repeats the sibling of the same age. Variants `update` and `replace`: writes to a resource, deletes it, sees that it is gone, sends the PATCH or PUT again, and reads twice.',
  judges:
    'Passes when nothing comes of the retry: the stored answer (with a note, since a client may believe it) or a refusal. Fails when the deleted resource can be read again; when the retry makes a new one although a sibling key of the same age is still honoured, else warns; and when it crashes, again on fresh resources. `update` and `replace` pass when the resource stays gone, and where a PUT makes it anew and says so with 201 (with a note); they fail when a PATCH brings it back, warn when it says so with 201 (RFC 5789 lets some create) and when a PUT does so unsaid, and fail when the write crashes, again on a fresh resource. Stays open when the resource was not gone after the DELETE.',
  expected: 'No new resource, and the deleted one stays deleted.',
  why: 'A retry that was stuck in a queue arrives after the DELETE. What the user removed, cancelled or refunded is there again, and nobody asked for it.',
  fix: 'Keep the key with its answer when its resource is deleted; let the key decide alone, not whether the resource is still there.',
  guards: [
    'The resource is read as gone before the retry is sent.',
    'A retry is sent only within 90 % of a declared lifetime: after it a new resource is legal.',
    'A sibling key of the same age tells a forgotten key from a key that is dropped with its resource.',
    'The same PATCH or PUT succeeds before the DELETE; came back means absent first, then present in two reads, none of them from a cache.',
    'Counts are settled before and after, so that a slow list decides nothing.',
  ],
  messages: {
    'came-back': 'The deleted resource can be read again after a retry of its create, {age} after it ({status}).',
    'created-anew': 'A retry of the create, {age} after it, made a new resource ({status}); {sibling}.',
    crashed: 'A retry of the create after the DELETE was answered with {status}.',
    revived: 'The resource was deleted, and {operation} brought it back (answered with {status}).',
    'write-crashed': '{operation} to the deleted resource was answered with {status}.',
  },
  notes: {
    replayed: 'The retry was answered with {status}, as if the resource were still there: a client may believe it.',
    late: 'Held at once and {age} after the create.',
    'made-anew': 'The PUT made the resource anew and said so ({status}), as a PUT may: a late one undoes a DELETE.',
    unheeded: 'The write was answered with {status}, and nothing came of it.',
  },

  variants: [null, 'update', 'replace'],

  select({ operation, resource, ...around }, variant) {
    const { create, read } = resource;
    if (operation.role !== 'delete') return skip('not the DELETE of a resource');
    if (create === null) return skip('no create operation to make something to delete');
    if (variant !== null) return lateWrite({ operation, resource }, variant);
    if (create.contract.key === null) return skip('the create takes no idempotency key');
    if (create.contract.ttl === 0) return skip('declares that keys protect for no time');
    if (resource.id.from !== null) return skip('the client chooses the id: a repeat of the create asks for it anew');
    if (read === null) return skip('no read operation to see the state with');
    return { operation, resource, read, writer: null, creating: { ...around, operation: create, resource } };
  },

  *probe(target, tools) {
    if (target.writer !== null) return yield* writtenAfterDelete(target, tools);
    const rounds = [0, ...(lateAge(target, tools) === null ? [] : [1])];
    const planted = new Map<number, Planted>();
    for (const round of rounds.flatMap(one => [one, one + SIBLING])) {
      const plant = yield* planting(target.creating, tools, round);
      if (!isSuccess(plant.exchange)) return;
      planted.set(round, plant);
    }
    yield* settle(tools);
    for (const round of rounds) {
      const plant = planted.get(round);
      if (plant !== undefined && !(yield* deleted(target, tools, plant))) return;
    }
    for (const round of rounds) {
      const [plant, sibling] = [planted.get(round), planted.get(round + SIBLING)];
      if (plant === undefined || sibling === undefined) return;
      if (round > 0) yield* later('wait', (lateAge(target, tools) ?? 0) * 1000, plant.exchange.endAtUs);
      const replay = yield* retried(target, plant);
      if (!hasAnswer(replay)) return;
      yield* repeating(target.creating, sibling);
      // A crash is found at once: a later retry is not worth its wait.
      if (isCrash(replay.response.status)) return;
    }
  },

  judge(target, evidence) {
    if (target.writer !== null) return lateWriteVerdict(target, evidence);
    const plants = allOf(evidence, 'plant').filter(({ round }) => round < SIBLING);
    const [first] = plants;
    if (first === undefined) return lostAnswer(first);
    const verdicts = plants.map(plant => judgedRound(target, evidence, plant));
    const worst =
      verdicts.find(({ verdict }) => verdict === 'fail') ??
      verdicts.find(({ verdict }) => verdict === 'warn') ??
      verdicts.find(({ verdict }) => verdict === 'inconclusive');
    if (worst !== undefined) return worst;
    const replays = allOf(evidence, 'replay').filter(({ round }) => round < SIBLING);
    const believed = replays.find(isSuccess);
    const [late] = replays.filter(({ round }) => round === 1);
    const plant = plants.find(({ round }) => round === 1);
    const age = late === undefined || plant === undefined ? null : measured(ageOf(evidence, plant, late));
    return passCounted(evidence, readingOf(evidence, 'after', replays.at(-1)?.round ?? 0), [
      believed !== undefined && note('replayed', { status: believed.response.status }),
      age !== null && note('late', { age }),
    ]);
  },
});

/** The steps that are judged. */
type Label = 'delete' | 'gone' | 'old' | 'new' | 'plant' | RepeatSteps;
type Steps = Evidence<Label>;

interface Target extends Pick<Subject, 'operation' | 'resource'> {
  readonly read: Operation;
  readonly writer: null;
  /** The same resource, as its create meets it. */
  readonly creating: Subject;
}
type Judged = Verdict<'came-back' | 'created-anew' | 'crashed', 'replayed' | 'late'>;

/** A PATCH or a PUT that comes after the DELETE. */
function lateWrite({ operation, resource }: Pick<Subject, 'operation' | 'resource'>, variant: string) {
  const { read } = resource;
  const writer = variant === 'update' ? resource.update : resource.replace;
  if (writer === null) return skip(variant === 'update' ? 'no PATCH to send' : 'no PUT to send');
  if (variant === 'replace' && resource.id.from !== null) return skip('the client chooses the id: a PUT creates');
  if (read === null) return skip('no read operation to see the state with');
  return { operation, resource, read, writer };
}

/** The age of the late retry, seconds; `null` = the run does not wait that long, or the key need not live that long. */
function lateAge({ creating }: Target, { maxWaitMs }: Tools): number | null {
  const { ttl } = creating.operation.contract;
  const most = Math.min(maxWaitMs / 1000, typeof ttl === 'number' ? ttl * DUE : Infinity);
  return LATE.findLast(age => age <= most) ?? null;
}

/** Deletes what was planted and reads it until it is gone, for as long as reads lag; hands back whether it is. */
function* deleted({ operation, resource, read, creating }: Target, tools: Tools, plant: Planted) {
  const scope = madeScope(creating, plant.scope, plant.exchange);
  if (scope === null) return false;
  const { round } = plant;
  const request = outgoing(operation, scope, { key: tools.key() });
  const removed = yield* writing('delete', request, { resource, scope }, { round });
  if (!isSuccess(removed)) return false;
  yield* settle(tools);
  const gone = yield* send('gone', outgoing(read, scope), round);
  return isAbsent(resource, gone);
}

/** Sends the create once more and, where that was answered, looks what came of it; hands back the answer. */
function* retried({ resource, read, creating }: Target, plant: Planted) {
  const { round, exchange, request } = plant;
  const { operation } = creating;
  const counted = { round, resource, operation, scope: plant.scope, since: plant.before };
  yield* effects('standing', { ...counted, seen: [exchange] });
  const replay = yield* send('replay', request, round);
  if (!hasAnswer(replay)) return replay;
  yield* effects('after', { ...counted, seen: [exchange, replay] });
  const scope = madeScope(creating, plant.scope, exchange) ?? plant.scope;
  yield* send('old', outgoing(read, scope), round);
  const id = idIn(resource, plant.scope, replay);
  if (id !== null && id !== scope.values['id']) {
    yield* send('new', outgoing(read, withValues(scope, { id })), round);
  }
  return replay;
}

function judgedRound(target: Target, evidence: Steps, plant: Exchange): Judged {
  const { resource } = target;
  const { round } = plant;
  const one = (step: Label) => lastOf(evidence, step, round);
  const [removed, gone, replay, old] = [one('delete'), one('gone'), one('replay'), one('old')];
  const unusable = voided(plant, removed, gone) ?? needsSuccess(plant) ?? needsSuccess(removed);
  if (unusable !== null) return unusable;
  if (gone === undefined) return inconclusive('setup-no-id', { operation: target.creating.operation.name });
  if (!isAbsent(resource, gone)) {
    return unclearBecause(`the read after the DELETE was answered with ${statusOf(gone) ?? 'nothing'}`);
  }
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const args = { status: replay.response.status, age: measured(ageOf(evidence, plant, replay)) };
  const proof = present(plant, removed, gone, replay);
  if (isPresent(resource, old)) return found(fail('came-back', args, [...proof, ...present(old)]));
  const isNew = isPresent(resource, one('new')) || grown(evidence, round) >= 1;
  if (isNew) return createdAnew(target, evidence, round, args, [...proof, ...present(one('new'))]);
  if (isCrash(args.status)) return found(suspect('crashed', args, proof));
  return (
    voided(replay) ??
    countTrouble(evidence, readingOf(evidence, 'after', round)) ??
    passCounted(evidence, readingOf(evidence, 'after', round))
  );
}

/** By how many the retry made the count grow. */
function grown(evidence: Steps, round: number): number {
  const [standing, after] = [readingOf(evidence, 'standing', round), readingOf(evidence, 'after', round)];
  return standing?.count === null || standing === undefined ? 0 : countOf(after) - standing.count;
}

function createdAnew(
  { creating }: Target,
  evidence: Steps,
  round: number,
  args: { readonly status: number; readonly age: string },
  proof: readonly Exchange[],
): Judged {
  const { ttl } = creating.operation.contract;
  const [plant, replay] = [exchangeOf(evidence, 'plant', round), exchangeOf(evidence, 'replay', round)];
  const age = plant === undefined || replay === undefined ? 0 : mostAgeOf(evidence, plant, replay);
  if (typeof ttl === 'number' && age > (ttl * (1 + DUE)) / 2) {
    return unclearBecause(`the retry came too late (${measured(age)}) for a lifetime of ${duration(ttl)}`);
  }
  const sibling = exchangeOf(evidence, 'plant', round + SIBLING);
  const sample = sibling === undefined ? null : sampleOf(creating, evidence, sibling);
  const isHonoured = sample?.state === 'held';
  const told = isHonoured
    ? 'a sibling key of the same age is still honoured'
    : 'nothing shows that keys of this age are still honoured';
  const level = isHonoured ? 'fail' : 'warn';
  return found(fail('created-anew', { ...args, sibling: told }, proof, { level }));
}
