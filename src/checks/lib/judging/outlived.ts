import type { Contract } from '../../../core/contract.js';
import type { Exchange } from '../../../core/http.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { duration } from './duration.js';

/** Whether a repeat came later than the contract says a key protects: what it is answered with says nothing of the key. */
export function isOutlived({ ttl }: Pick<Contract, 'ttl'>, first: Exchange, repeat: Exchange): boolean {
  return typeof ttl === 'number' && ageOf(first, repeat) >= ttl;
}

/**
 * Why nothing can be said of a repeat that may have come after its key's lifetime: keys of seconds run out while a
 * busy run gets to the repeat. `null` = it came in time, or nobody said how long keys live.
 */
export function outlived(
  contract: Pick<Contract, 'ttl'>,
  first: Exchange | undefined,
  repeat: Exchange | undefined,
): Verdict<never, never> | null {
  const { ttl } = contract;
  if (typeof ttl !== 'number' || first === undefined || repeat === undefined) return null;
  if (!isOutlived(contract, first, repeat)) return null;
  return inconclusive('key-outlived', { took: duration(ageOf(first, repeat)), ttl: duration(ttl) });
}

/** The greatest age the key can have had, seconds. */
function ageOf(first: Exchange, repeat: Exchange): number {
  return (repeat.endAtUs - (first.sentAtUs ?? first.endAtUs)) / 1_000_000;
}
