import type { Preflight } from '../core/preflight.js';
import { messageOf } from '../core/errors.js';
import { createEvidence, type Circumstances } from '../core/evidence.js';
import type { HookRun } from '../core/hook-run.js';
import { isAnswered, isVoid, type Answered, type Exchange } from '../core/http.js';
import type { Case } from '../core/plan.js';
import type { Reading } from '../core/reading.js';
import type { Attempt } from '../core/report.js';
import type { Trait } from '../core/trait.js';
import { inconclusive, type Verdict } from '../core/verdict.js';
import { confirmed, gaveUp, hasProof, MOST_VOID_TRIES, suspectsOf, voidedBy } from './attempts.js';
import { outlived } from './outlived.js';

/** An attempt of a case as it was played: all that it left, and what ended its probe before its time. */
export interface PlayedAttempt extends Attempt {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly hooks: readonly HookRun[];
}

/** What every attempt of a case is judged with. */
export interface Bench extends Omit<Circumstances, 'hooks'> {
  readonly preflight: Preflight;
  /** Told of a bug in a judge; what ended a probe stands in its attempt. */
  readonly onInternalError: (error: unknown) => void;
}

/** What the attempts before one come to. */
export interface Standing {
  /** The verdict that rests on a single odd answer, where there is one. */
  readonly odd: Verdict | null;
  /** Attempts that were void. */
  readonly voids: number;
  /** What the last attempt that counted shows of the contract. */
  readonly traits: readonly Trait[];
}

/** Before the first attempt. */
export const NOTHING_YET: Standing = { odd: null, voids: 0, traits: [] };

/** A verdict, and what was shown of the contract on the way. */
export interface Judged {
  readonly verdict: Verdict;
  readonly traits: readonly Trait[];
}

/** After an attempt: a verdict, or another attempt is to be played; `voiding` is the answer it was void for. */
export type Turn =
  | ({ readonly isOver: true } & Judged)
  | { readonly isOver: false; readonly standing: Standing; readonly voiding: Answered | null };

/**
 * Judges one attempt in the light of those before it (pure but for `onInternalError`): one voided by 429, 502, 503 or 504
 * is to be played again, at most three times; a verdict that rests on a single odd answer once more on fresh resources.
 * A run asks after each attempt that it played, `verdictOf` of attempts that were recorded: both come to the same.
 */
export function turnAfter(planned: Case, standing: Standing, attempt: PlayedAttempt, bench: Bench): Turn {
  const { odd, voids } = standing;
  const { verdict, traits: shown } = judged(planned, attempt, bench);
  const over = (final: Verdict, traits: readonly Trait[]): Turn => ({ isOver: true, verdict: final, traits });
  if (isEnded(verdict)) return over(verdict, standing.traits);
  const voiding = voidedBy(telling(attempt), verdict);
  if (voiding !== null) {
    const tries = voids + 1;
    if (tries < MOST_VOID_TRIES) return { isOver: false, standing: { ...standing, voids: tries }, voiding };
    return over(odd ?? gaveUp(voiding.response.status, tries), standing.traits);
  }
  if (odd !== null) return over(confirmed(odd, verdict), shown);
  if (suspectsOf(verdict).length === 0) return over(verdict, shown);
  return { isOver: false, standing: { odd: verdict, voids, traits: shown }, voiding: null };
}

/**
 * The exchanges of an attempt but for reads of a count that were turned away and made again with success. One that was
 * never answered may hide an effect, whatever the count came to without it.
 */
function telling({ exchanges, readings }: PlayedAttempt): readonly Exchange[] {
  const isVoided = (one: Exchange) => isAnswered(one) && isVoid(one.response.status);
  const madeUpFor = readings.flatMap(reading => {
    const own = exchanges.filter(({ n }) => reading.exchanges.includes(n));
    const isAgain = (one: Exchange, other: Exchange) =>
      other.n > one.n && other.request.url === one.request.url && isAnswered(other) && !isVoided(other);
    return own.filter(one => isVoided(one) && own.some(other => isAgain(one, other)));
  });
  return exchanges.filter(one => !madeUpFor.includes(one));
}

/** The verdict on attempts that were recorded; `null` where it would have taken one more than there are. */
export function verdictOf(planned: Case, attempts: readonly PlayedAttempt[], bench: Bench): Judged | null {
  let standing = NOTHING_YET;
  for (const attempt of attempts) {
    const turn = turnAfter(planned, standing, attempt, bench);
    if (turn.isOver) return turn;
    ({ standing } = turn);
  }
  return null;
}

/** The verdict on one attempt, and what it shows. Proof found before the probe was cut short stands. */
function judged({ check, operation, scenario }: Case, attempt: PlayedAttempt, bench: Bench): Judged {
  const { preflight, maxWaitMs } = bench;
  const { readings, hooks, trouble, bug } = attempt;
  const only = (verdict: Verdict): Judged => ({ verdict, traits: [] });
  if (preflight.trouble !== null) return only(inconclusive(preflight.trouble.reason, preflight.trouble.args));
  if (bug !== undefined) return only(inconclusive('internal-error', { detail: bug }));
  const exchanges = attempt.exchanges.toSorted((a, b) => a.n - b.n);
  try {
    const evidence = createEvidence({ exchanges, readings, hooks, preflight, maxWaitMs });
    const verdict = scenario.judge(evidence);
    if (trouble !== undefined) return only(hasProof(verdict) ? verdict : inconclusive(trouble.reason, trouble.args));
    const late = outlived({ check, operation }, exchanges, verdict);
    return late === null ? { verdict, traits: scenario.observe?.(evidence, verdict) ?? [] } : only(late);
  } catch (error) {
    bench.onInternalError(error);
    return only(inconclusive('internal-error', { detail: messageOf(error) }));
  }
}

/** Whether an interrupt or a used-up budget ended the case. */
function isEnded(verdict: Verdict): boolean {
  return verdict.verdict === 'inconclusive' && (verdict.reason === 'interrupted' || verdict.reason === 'budget');
}
