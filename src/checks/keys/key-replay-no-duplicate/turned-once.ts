import type { Preflight } from '../../../core/preflight.js';
import type { Subject } from '../../../core/check.js';
import { readingOf, type Evidence } from '../../../core/evidence.js';
import { header, isAnswered, type Answered, type Exchange } from '../../../core/http.js';

/** Whether all that an operation moves looks the same after one effect and after two. */
export function turnsOnly({ oracle, countsToTwo }: Pick<Preflight, 'oracle' | 'countsToTwo'>): boolean {
  return oracle === 'view' && !countsToTwo;
}

/**
 * What moved, in words, where the repeat (steps `between`, `after`) is known not to have taken effect although effects
 * cannot be counted: it carries the marker of a stored answer, and nothing moved after the first. Else `null`.
 */
export function turnedOnce(
  { operation }: Pick<Subject, 'operation'>,
  evidence: Evidence<'between' | 'after'>,
  first: Exchange | undefined,
  replay: Answered,
): string | null {
  if (first === undefined || !isAnswered(first)) return null;
  const { round } = first;
  const [between, after] = [readingOf(evidence, 'between', round), readingOf(evidence, 'after', round)];
  if (!turnsOnly(evidence.preflight) || between?.count !== 1 || after?.count !== 1) return null;
  const isStill = between.world !== undefined && JSON.stringify(between.world) === JSON.stringify(after.world);
  return isStill && isMarked(operation, first, replay) ? (after.moved ?? []).join(', ') : null;
}

function isMarked({ contract: { marker } }: Subject['operation'], first: Answered, replay: Answered): boolean {
  if (marker === null || header(first.response, marker.header) !== null) return false;
  const value = header(replay.response, marker.header);
  return value !== null && (marker.value === null || marker.value.toLowerCase() === value.toLowerCase());
}
