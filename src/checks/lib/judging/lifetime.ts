import type { Subject } from '../../../core/check.js';
import { exchangeOf, readingOf, type Evidence, type Circumstances } from '../../../core/evidence.js';
import { movedBetween } from '../../../core/hook-run.js';
import { header, isAnswered, isSuccess, type Exchange } from '../../../core/http.js';
import type { Reading } from '../../../core/reading.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer, present } from '../http/answers.js';
import { isCrash, isRefusal, voided } from '../http/statuses.js';
import type { RepeatSteps } from '../steps/aged-key.js';
import { isNaturallyUnique } from '../steps/made.js';
import { countTrouble } from './counting.js';
import { isPending } from './doubled.js';
import { measured } from './duration.js';

/**
 * What became of one key: `open` = nothing can be said, and `why` says so. It held at its least age, and was gone at
 * its greatest, so that neither claims more than was seen.
 */
export type Sample =
  | { readonly state: 'held'; readonly age: number; readonly reading: Reading | undefined }
  | { readonly state: 'gone'; readonly age: number; readonly exchanges: readonly Exchange[] }
  | { readonly state: 'open'; readonly why: Verdict<never, never> };

/** What became of the key of a round. */
export function sampleOf(target: Subject, evidence: Evidence<RepeatSteps>, plant: Exchange): Sample {
  const { round } = plant;
  const [planted, replay] = [exchangeOf(evidence, 'planted', round), exchangeOf(evidence, 'replay', round)];
  const [standing, after] = [readingOf(evidence, 'standing', round), readingOf(evidence, 'after', round)];
  if (replay === undefined) return { state: 'open', why: lostAnswer(replay) };
  const ages = { age: ageOf(evidence, plant, replay), mostAge: mostAgeOf(evidence, plant, replay) };
  const odd = clockJump(evidence, plant, replay);
  if (odd !== null) return { state: 'open', why: odd };
  return judgedSample(target, evidence, { ...ages, plant, planted, replay, standing, after });
}

/** What a judged repeat rests on; least and greatest age in seconds. `plant` is `undefined` where it was part of an earlier run. */
export interface Repeat {
  readonly age: number;
  readonly mostAge: number;
  readonly plant: Exchange | undefined;
  readonly planted: Exchange | undefined;
  readonly replay: Exchange;
  readonly standing: Reading | undefined;
  readonly after: Reading | undefined;
}

/** What a repeat says of its key: gone = it had an effect of its own, held = it had none. */
export function judgedSample(target: Subject, circumstances: Circumstances, repeat: Repeat): Sample {
  const { age, mostAge, plant, planted, replay, standing, after } = repeat;
  const why = planted !== undefined && !isSuccess(planted) ? vanished(age) : countTrouble(circumstances, standing);
  if (why !== null) return { state: 'open', why };
  const [stood, stands] = [standing?.count ?? 0, after?.count ?? null];
  if (stood < 1) return { state: 'open', why: vanished(age) };
  if (stands !== null && stands - stood >= 1 && !isPending(after, [plant, replay])) {
    return { state: 'gone', age: mostAge, exchanges: present(plant, replay) };
  }
  const open = countTrouble(circumstances, after) ?? unclear(target, replay);
  if (open !== null) return { state: 'open', why: open };
  return stands === stood ? { state: 'held', age, reading: after } : { state: 'open', why: vanished(age) };
}

/** The greatest age a key may have had when its repeat was decided: from the first byte sent to the last received. */
export function mostAgeOf({ hooks }: Pick<Circumstances, 'hooks'>, plant: Exchange, replay: Exchange): number {
  const fromUs = plant.sentAtUs ?? plant.endAtUs;
  return (replay.endAtUs - fromUs) / 1_000_000 + movedBetween(hooks, fromUs, replay.endAtUs);
}

/** The least age: from the answer to the first request until the repeat was sent, with what the test clock was moved by. */
export function ageOf({ hooks }: Pick<Circumstances, 'hooks'>, plant: Exchange, replay: Exchange): number {
  const untilUs = replay.sentAtUs ?? replay.endAtUs;
  return (untilUs - plant.endAtUs) / 1_000_000 + movedBetween(hooks, plant.endAtUs, untilUs);
}

/** By how many seconds the test clock was moved in all; 0 = every age was waited for. */
export function movedIn({ hooks }: Pick<Circumstances, 'hooks'>): number {
  return movedBetween(hooks, -1, Infinity);
}

/** The greatest age below `limit` at which a key held, seconds. */
export function heldAt(samples: readonly Sample[], limit = Infinity): number {
  return Math.max(0, ...samples.flatMap(item => (item.state === 'held' && item.age < limit ? [item.age] : [])));
}

export function unclearBecause(detail: string): Verdict<never, never> {
  return inconclusive('control-failed', { detail });
}

function vanished(age: number): Verdict<never, never> {
  return unclearBecause(`the planted record was no longer there at ${measured(age)}`);
}

/** Answers to a late repeat from which nothing follows although it had no effect. */
function unclear(target: Subject, replay: Exchange): Verdict<never, never> | null {
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const { status } = replay.response;
  const mayBeUnique = isRefusal(status) && isNaturallyUnique(target);
  if (isCrash(status) || mayBeUnique) return unclearBecause(`the late repeat was answered with ${status}`);
  return voided(replay);
}

/** A hook that moves the clock by more than it was asked to would make keys look short-lived. */
function clockJump(circumstances: Circumstances, plant: Exchange, replay: Exchange): Verdict<never, never> | null {
  const [from, to] = [dateOf(plant), dateOf(replay)];
  const age = ageOf(circumstances, plant, replay);
  if (movedIn(circumstances) === 0 || from === null || to === null || (to - from) / 1000 <= age * 1.1 + 5) return null;
  const [moved, asked] = [measured((to - from) / 1000), measured(age)];
  return unclearBecause(`the target's Date says that ${moved} went by where the clock was to show ${asked}`);
}

/** The Date of an answer, milliseconds since 1970; `null` = none. */
export function dateOf(exchange: Exchange): number | null {
  const written = isAnswered(exchange) ? header(exchange.response, 'date') : null;
  const at = written === null ? Number.NaN : Date.parse(written);
  return Number.isNaN(at) ? null : at;
}
