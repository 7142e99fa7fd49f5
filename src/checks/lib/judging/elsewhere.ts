import { readingOf, type Evidence } from '../../../core/evidence.js';
import type { Reading } from '../../../core/reading.js';

/** The readings of what an operation moves on other resources: after the first one, and after its repeat. */
type Steps = Evidence<'elsewhere once' | 'elsewhere after'>;

/** What a repeat moved again in the words of the reading; `null` unless one step came of the first and more of both. */
export function movedAgain(evidence: Steps): string | null {
  const [once, after] = [readingOf(evidence, 'elsewhere once'), readingOf(evidence, 'elsewhere after')];
  return once?.count === 1 && isTwice(after) ? movement(after) : null;
}

/** Whether a reading shows more than one effect. */
export function isTwice(reading: Reading | undefined): reading is Reading {
  return (reading?.count ?? 0) >= 2;
}

/** What moved, in words. */
export function movement({ moved = [] }: Reading): string {
  return moved.filter(words => !words.endsWith(' moved')).join(', ');
}
