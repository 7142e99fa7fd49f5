import type { Subject, Tools } from '../../../core/check.js';
import type { Contract } from '../../../core/contract.js';
import { allOf, exchangeOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess } from '../../../core/http.js';
import { seen, type Trait } from '../../../core/trait.js';
import { lostAnswer, needsSuccess } from '../../lib/http/answers.js';
import { voided } from '../../lib/http/statuses.js';
import { goalOf, lifetimeVerdict } from '../../lib/judging/lifetime-verdict.js';
import { heldAt, movedIn, sampleOf, unclearBecause } from '../../lib/judging/lifetime.js';
import { aging, type Planted, planting, repeating, type RepeatSteps } from '../../lib/steps/aged-key.js';

/** Ages at which keys are tried again, seconds: just above the defaults of real libraries (30 s, 5 min, 30 min). */
const LADDER: readonly number[] = [5, 35, 70, 130, 310, 660, 1900];

/** Where a moved clock must have ended a key, as a part of its declared lifetime; without one, in seconds. */
const PAST = 1.2;
const LONG_PAST_S = 60 * 86_400;

/** The steps that are judged. */
type Steps = Evidence<'plant' | RepeatSteps>;

/** Uses several keys at the start, and each once more at an age of its own. */
export function* overAges(target: Subject, tools: Tools) {
  const ages = rungs(target.operation.contract, tools.maxWaitMs / 1000, target.hooks.has('clock'));
  const planted: Planted[] = [];
  for (const round of ages.keys()) {
    const plant = yield* planting(target, tools, round);
    if (!isSuccess(plant.exchange)) return;
    planted.push(plant);
  }
  let moved = 0;
  for (const plant of planted) {
    moved = yield* aging(tools, plant, ages[plant.round] ?? 0, moved);
    yield* repeating(target, plant);
  }
}

/** What the keys of several ages came to. */
export function agesVerdict(target: Subject, evidence: Steps): ReturnType<typeof lifetimeVerdict> {
  const unusable = allOf(evidence, 'plant')
    .map(exchange => voided(exchange) ?? needsSuccess(exchange))
    .find(one => one !== null);
  if (unusable !== undefined) return unusable;
  const first = exchangeOf(evidence, 'plant', 0);
  if (first === undefined) return lostAnswer(first);
  const control = sampleOf(target, evidence, first);
  if (control.state === 'open') return control.why;
  if (control.state === 'gone') return unclearBecause('a key repeated at once did not hold');
  const samples = allOf(evidence, 'plant').map(plant => sampleOf(target, evidence, plant));
  return lifetimeVerdict(target.operation.contract, evidence, samples);
}

/** For how long keys were seen to last. */
export function lifetimeTraits(target: Subject, evidence: Steps): readonly Trait[] {
  const plants = allOf(evidence, 'plant');
  const samples = plants.map(plant => sampleOf(target, evidence, plant));
  const gone = samples.filter(sample => sample.state === 'gone').toSorted((a, b) => a.age - b.age)[0];
  // A clock that no key was seen to follow moves no key.
  if (samples[0]?.state !== 'held' || (gone === undefined && movedIn(evidence) > 0)) return [];
  const atLeast = Math.floor(heldAt(samples, gone?.age ?? Infinity));
  if (gone === undefined && atLeast === 0) return [];
  const held = plants.filter((_, at) => samples[at]?.state === 'held');
  const replays = held.flatMap(({ round }) => allOf(evidence, 'replay', round));
  const proof = [...held, ...replays, ...(gone?.exchanges ?? [])];
  return [seen('lifetime', { atLeast, below: gone === undefined ? null : Math.ceil(gone.age) }, proof)];
}

/**
 * The ages at which keys are repeated, ascending, in seconds: at once, the ladder, and the ages at which the verdict
 * turns. None beyond the goal; none beyond what the run waits, unless the clock can be moved: then all, and one when the
 * key must be over.
 */
function rungs(contract: Contract, maxWait: number, hasClock: boolean): readonly number[] {
  const goal = goalOf(contract);
  const turns = contract.ttl === 'unknown' ? [contract.ttlFloor.fail, goal] : [goal];
  const ages = [0, ...LADDER, ...turns].filter(age => age <= goal && (age <= maxWait || hasClock));
  const past = pastOf(contract);
  const isMoved = hasClock && goal > maxWait && past !== null;
  return [...new Set(isMoved ? [...ages, past] : ages)].toSorted((a, b) => a - b);
}

/** The age at which a moved clock must have ended a key; `null` = keys are promised to last. */
function pastOf({ ttl, ttlFloor }: Contract): number | null {
  if (ttl === 'never') return null;
  return typeof ttl === 'number' ? ttl * PAST : Math.max(LONG_PAST_S, ttlFloor.warn * 2);
}
