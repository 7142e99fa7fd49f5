import { idIn, outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, type Evidence, exchangeOf, lastOf, readingOf } from '../../../core/evidence.js';
import { type Exchange, isSuccess, statusOf } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import { withValues } from '../../../core/scope.js';
import { effects, later, send } from '../../../core/step.js';
import { fail, inconclusive, note, suspect, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../../lib/http/answers.js';
import { isAbsent, isPresent } from '../../lib/http/state.js';
import { isCrash, voided } from '../../lib/http/statuses.js';
import { countOf, countTrouble, passCounted } from '../../lib/judging/counting.js';
import { duration, measured } from '../../lib/judging/duration.js';
import { found } from '../../lib/judging/found.js';
import { ageOf, mostAgeOf, sampleOf, unclearBecause } from '../../lib/judging/lifetime.js';
import { type Planted, planting, repeating, type RepeatSteps } from '../../lib/steps/aged-key.js';
import { settle, writing } from '../../lib/steps/writing.js';

/** Ages at which a retry comes late, seconds; the greatest that fits is tried, beside one at once. */
const LATE: readonly number[] = [5, 35, 70];

/** The part of a declared lifetime within which the key must be known. */
const DUE = 0.9;

/** A round of the sibling key, which belongs to the round so many before. */
const SIBLING = 2;

/** The steps that are judged. */
type Label = 'delete' | 'gone' | 'old' | 'new' | 'plant' | RepeatSteps;

type Steps = Evidence<Label>;

/** The DELETE of a resource, and the create that made it and comes again. */
export interface CreatedAgain extends Pick<Subject, 'operation' | 'resource'> {
  readonly read: Operation;
  /** The same resource, as its create meets it. */
  readonly creating: Subject;
}

type Judged = Verdict<'came-back' | 'created-anew' | 'crashed', 'replayed' | 'late'>;

/** Creates two resources and two siblings with a key each, deletes the first two, and sends all creates once more. */
export function* createdAgain(target: CreatedAgain, tools: Tools) {
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
}

/** What the repeated creates made of what was deleted. */
export function createdAgainVerdict(target: CreatedAgain, evidence: Steps): Judged {
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
}

/** The age of the late retry, seconds; `null` = the run does not wait that long, or the key need not live that long. */
function lateAge({ creating }: CreatedAgain, { maxWaitMs }: Tools): number | null {
  const { ttl } = creating.operation.contract;
  const most = Math.min(maxWaitMs / 1000, typeof ttl === 'number' ? ttl * DUE : Infinity);
  return LATE.findLast(age => age <= most) ?? null;
}

/** Deletes what was planted and reads it until it is gone, for as long as reads lag; hands back whether it is. */
function* deleted({ operation, resource, read }: CreatedAgain, tools: Tools, plant: Planted) {
  const { round, made: scope } = plant;
  if (scope === null) return false;
  const request = outgoing(operation, scope, { key: tools.key() });
  const removed = yield* writing('delete', request, { resource, scope }, { round });
  if (!isSuccess(removed)) return false;
  yield* settle(tools);
  const gone = yield* send('gone', outgoing(read, scope), round);
  return isAbsent(resource, gone);
}

/** Sends the create once more and, where that was answered, looks what came of it; hands back the answer. */
function* retried({ resource, read, creating }: CreatedAgain, plant: Planted) {
  const { round, exchange, request } = plant;
  const { operation } = creating;
  const counted = { round, resource, operation, scope: plant.scope, since: plant.before };
  yield* effects('standing', { ...counted, seen: [exchange] });
  const replay = yield* send('replay', request, round);
  if (!hasAnswer(replay)) return replay;
  yield* effects('after', { ...counted, seen: [exchange, replay] });
  const scope = plant.made ?? plant.scope;
  yield* send('old', outgoing(read, scope), round);
  const id = idIn(resource, plant.scope, replay);
  if (id !== null && id !== scope.values['id']) {
    yield* send('new', outgoing(read, withValues(scope, { id })), round);
  }
  return replay;
}

function judgedRound(target: CreatedAgain, evidence: Steps, plant: Exchange): Judged {
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
  { creating }: CreatedAgain,
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
  const described = isHonoured
    ? 'a sibling key of the same age is still honoured'
    : 'nothing shows that keys of this age are still honoured';
  const level = isHonoured ? 'fail' : 'warn';
  return found(fail('created-anew', { ...args, sibling: described }, proof, { level }));
}
