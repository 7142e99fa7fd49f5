import type { Circumstances } from '../../../core/evidence.js';
import { statusOf, type Exchange } from '../../../core/http.js';
import { strengthOf, type Reading } from '../../../core/reading.js';
import { inconclusive, type Note, type Verdict } from '../../../core/verdict.js';
import { isConsistent } from '../json/likeness.js';
import { countOf, countTrouble, passCounted } from './counting.js';
import { duration } from './duration.js';

/**
 * Whether ids are all there is to go by and an answer is a 202: its id may be a job's, so that two of them are not yet
 * two effects.
 */
export function isPending(reading: Reading | undefined, seen: readonly (Exchange | undefined)[]): boolean {
  return reading !== undefined && strengthOf(reading.kind) === 'identity' && seen.some(item => statusOf(item) === 202);
}

/** Whether two effects are proven. */
export function isDoubled(reading: Reading | undefined, seen: readonly (Exchange | undefined)[]): boolean {
  return countOf(reading) >= 2 && !isPending(reading, seen);
}

/** The verdict on a case whose operations were accepted and are not known to have finished. */
export function stillPending({ preflight }: Pick<Circumstances, 'preflight'>): Verdict<never, never> {
  return inconclusive('still-pending', { waited: duration(preflight.settleMs / 1000) });
}

/** Why a reading cannot carry a pass; equal answers where nothing could be counted are told as such. */
function whyUncounted(
  circumstances: Pick<Circumstances, 'preflight'>,
  reading: Reading | undefined,
  answers: readonly (Exchange | undefined)[],
  ignored: readonly string[],
): Verdict<never, never> | null {
  const trouble = countTrouble(circumstances, reading);
  const isBlind =
    reading?.count === null ? strengthOf(reading.kind) !== 'direct' : strengthOf(reading?.kind ?? 'none') === 'none';
  return trouble !== null && isBlind && isConsistent(answers, ignored) ? inconclusive('response-consistent') : trouble;
}

/** The pass of a case that had exactly one effect, or why its reading cannot carry one. */
export function passOne<const Code extends string = never>(
  circumstances: Pick<Circumstances, 'preflight'>,
  reading: Reading | undefined,
  answers: readonly (Exchange | undefined)[],
  ignored: readonly string[],
  notes: readonly (Note<Code> | false | null)[] = [],
): Verdict<never, Code> {
  const count = reading?.count ?? null;
  if (count === 0) return inconclusive('no-effect');
  if (count !== null && count >= 2) return stillPending(circumstances);
  const uncounted = whyUncounted(circumstances, reading, answers, ignored);
  if (uncounted !== null) return uncounted;
  if (count !== 1) return inconclusive('oracle-failed', { detail: `it counted ${count}` });
  return passCounted(circumstances, reading, notes);
}
