import type { Circumstances } from '../../../core/evidence.js';
import { strengthOf, type Reading } from '../../../core/reading.js';
import { inconclusive, note, pass, type Note, type Verdict } from '../../../core/verdict.js';

/**
 * The pass that a count allows: only by an oracle that was seen to count to two; by ids alone with a note that a
 * hidden duplicate would not show; never by equal answers.
 */
export function passCounted<const Code extends string = never>(
  circumstances: Pick<Circumstances, 'preflight'>,
  reading: Reading | undefined,
  notes: readonly (Note<Code> | false | null)[] = [],
): Verdict<never, Code> {
  const trouble = countTrouble(circumstances, reading);
  if (trouble !== null) return trouble;
  const isByIds = reading !== undefined && strengthOf(reading.kind) === 'identity';
  const all: (Note<Code | 'identity-oracle'> | false | null)[] = [isByIds && note('identity-oracle'), ...notes];
  return pass(all) as Verdict<never, Code>;
}

/** Why a reading cannot carry a pass, or `null` when it can. */
export function countTrouble(
  { preflight }: Pick<Circumstances, 'preflight'>,
  reading: Reading | undefined,
): Verdict<never, never> | null {
  if (reading === undefined || reading.kind === 'none') return inconclusive('oracle-blind');
  if (reading.count === null)
    return inconclusive('oracle-failed', { detail: reading.trouble ?? 'no number came back' });
  if (!preflight.countsToTwo) return inconclusive('oracle-uncontrolled', { oracle: namedBy(reading) });
  return null;
}

/** An oracle as a sentence names it; a view by what it saw. */
function namedBy({ kind, moved = [] }: Reading): string {
  return moved.length === 0 ? kind : `${kind}: ${moved.join(', ')}`;
}

/** The effects counted, or 0 where nothing could be. Two or more is proof of two, whatever the oracle. */
export function countOf(reading: Reading | undefined): number {
  return reading?.count ?? 0;
}
