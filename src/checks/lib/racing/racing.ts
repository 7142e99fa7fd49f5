import type { Tools } from '../../../core/check.js';
import { readingOf, type Evidence } from '../../../core/evidence.js';
import { isAnswered, isSuccess, isVoid, type Exchange } from '../../../core/http.js';
import { overlaps } from '../../../core/race.js';
import type { Reading } from '../../../core/reading.js';
import { effectsOf, type Answer, type Counted, type Probe, type Step } from '../../../core/step.js';
import { isHeld } from '../../../core/sync.js';
import { inconclusive, note, type Note, type Verdict } from '../../../core/verdict.js';

/** What a played round leaves to be counted; `null` when its effects are read in another way. */
export interface Played {
  readonly counted: Counted | null;
  /** Two effects are already seen: no further round is needed. */
  readonly proven?: boolean;
  /** Enough is seen, and it does not hang on how the requests were released. */
  readonly isEnough?: boolean;
}

/** The steps that count the effects of a round: at once, and once things have settled. */
export type Counts = 'seen' | 'settled';

/** Rounds of whole requests at most, after a proof from requests of which a part went ahead. */
const WHOLE_ROUNDS = 3;

/**
 * Plays the rounds of a race, widths growing, until one shows two effects or all are played; then counts every round
 * again once things have settled. A proof from requests that were held widens the window of a server that begins at the
 * headers: rounds of whole requests follow, to see whether ordinary clients meet it as well. Readings stand under the
 * steps `seen` and `settled`; hands back whether one of them shows two effects.
 */
export function* rounds<Label extends string>(
  tools: Tools,
  play: (round: number, width: number) => Probe<Played, Label>,
): Probe<boolean, Label | Counts> {
  const played: Counted[] = [];
  let isProven = false;
  const proves = function* ({ counted, proven }: Played): Probe<boolean, 'seen'> {
    if (counted !== null) played.push(counted);
    if (proven === true || counted === null) return proven === true;
    const [reading] = yield* effectsOf('seen', [counted], 'now');
    return (reading?.count ?? 0) >= 2;
  };
  for (let round = 0; round < tools.race.rounds; round++) {
    const width = tools.race.widths[Math.min(round, tools.race.widths.length - 1)] ?? 2;
    const { value, wasHeld } = yield* watching(play(round, width));
    if (value.isEnough === true) break;
    if (!(yield* proves(value))) continue;
    isProven = true;
    for (let again = 1; wasHeld && again <= WHOLE_ROUNDS; again++) {
      if (yield* proves(yield* wholly(play(round + again, width)))) break;
    }
    break;
  }
  if (played.length === 0) return isProven;
  const settled = yield* effectsOf('settled', played);
  return isProven || settled.some(({ count }) => (count ?? 0) >= 2);
}

/** Plays a round and tells whether a part of its requests went ahead of the release. */
function* watching<Label extends string>(
  probe: Probe<Played, Label>,
): Probe<{ readonly value: Played; readonly wasHeld: boolean }, Label> {
  let wasHeld = false;
  let turn = probe.next();
  while (turn.done !== true) {
    const answer: Answer = yield turn.value;
    wasHeld ||= answer.exchanges.some(({ sync }) => isHeld(sync));
    turn = probe.next(answer);
  }
  return { value: turn.value, wasHeld };
}

/** Plays a round with its races released whole. */
function* wholly<Label extends string>(probe: Probe<Played, Label>): Probe<Played, Label> {
  let turn = probe.next();
  while (turn.done !== true) {
    const step: Step<Label> = turn.value;
    turn = probe.next(yield step.kind === 'together' ? { ...step, isWhole: true } : step);
  }
  return turn.value;
}

/** The last word of the oracle on a round: the higher of its readings, since an effect once seen was there. */
export function settledReading(evidence: Evidence<Counts>, round: number): Reading | undefined {
  const [seen, settled] = [readingOf(evidence, 'seen', round), readingOf(evidence, 'settled', round)];
  if (settled === undefined || seen === undefined) return settled ?? seen;
  return (seen.count ?? 0) > (settled.count ?? 0) ? seen : settled;
}

/**
 * Whether a round can help a pass: at least two in flight together, none answered before the release, every request
 * that went out answered, no 429, 502, 503, 504.
 */
export function counts(round: readonly Exchange[], allowed: readonly number[] = []): boolean {
  const sent = sentOf(round);
  return overlaps(sent) && sent.every(exchange => isAnswered(exchange) && !isVoid(exchange.response.status, allowed));
}

/** Those that went out: one that found no connection or stream makes the round narrower, and nothing else. */
function sentOf(round: readonly Exchange[]): readonly Exchange[] {
  return round.filter(({ sentAtUs }) => sentAtUs !== null);
}

/**
 * The requests of a round with two effects that show it: those that were accepted. Effects behind lost answers and
 * errors count too: then all of them.
 */
export function shownOf(round: readonly Exchange[]): readonly Exchange[] {
  const accepted = round.filter(isSuccess);
  return accepted.length >= 2 ? accepted : round;
}

/** Why no round counted, as a verdict. */
export function noRound(
  played: readonly (readonly Exchange[])[],
  allowed: readonly number[] = [],
): Verdict<never, never> {
  const voided = played.flat().find(exchange => isAnswered(exchange) && isVoid(exchange.response.status, allowed));
  if (voided !== undefined && isAnswered(voided)) {
    const { status } = voided.response;
    return inconclusive(status === 429 ? 'rate-limited' : 'unavailable', { status, tries: 1 });
  }
  const lost = played.flat().find(exchange => !isAnswered(exchange));
  if (lost !== undefined) return inconclusive('lost-answers', { lost: lost.lost ?? 'reset' });
  return inconclusive('no-overlap', { rounds: played.length });
}

/** How far a race without a counter-example has looked; the bound is 3/k, the rule of three. */
export function racePowerNote(counting: readonly (readonly Exchange[])[]): Note<'race-power'> {
  const rounds = counting.length;
  const width = Math.max(...counting.map(round => sentOf(round).length));
  return note('race-power', { rounds, width, bound: `${Math.min(100, Math.round(300 / rounds))} %` });
}
