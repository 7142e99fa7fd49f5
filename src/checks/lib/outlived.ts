import type { Contract } from '../../core/contract.js';
import type { Exchange } from '../../core/http.js';

/** Whether a repeat came later than the contract says a key protects: what it is answered with says nothing of the key. */
export function isOutlived({ ttl }: Pick<Contract, 'ttl'>, first: Exchange, repeat: Exchange): boolean {
  if (typeof ttl !== 'number' || first.sentAtUs === null) return false;
  return repeat.endAtUs - first.sentAtUs >= ttl * 1_000_000;
}
