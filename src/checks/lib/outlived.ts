import type { Contract } from '../../core/contract.js';
import type { Exchange } from '../../core/http.js';
import { inconclusive, type Verdict } from '../../core/verdict.js';
import { duration } from './duration.js';

/**
 * Why nothing can be said of a repeat that may have come after its key's lifetime: keys of seconds run out while a
 * busy run gets to the repeat. `null` = it came in time, or nobody said how long keys live.
 */
export function outlived(
  { ttl }: Pick<Contract, 'ttl'>,
  first: Exchange | undefined,
  repeat: Exchange | undefined,
): Verdict<never, never> | null {
  if (typeof ttl !== 'number' || first === undefined || repeat === undefined) return null;
  const seconds = (repeat.endAtUs - (first.sentAtUs ?? first.endAtUs)) / 1_000_000;
  if (seconds < ttl) return null;
  const detail = `the repeat came ${duration(seconds)} after the first request, and keys live for ${duration(ttl)}`;
  return inconclusive('control-failed', { detail });
}
