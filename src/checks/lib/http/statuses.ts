import type { Evidence } from '../../../core/evidence.js';
import { isAnswered, isVoid, type Exchange } from '../../../core/http.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';

/** Whether a status is the server's own failure; 502, 503 and 504 void the try instead. */
export function isCrash(status: number): boolean {
  return status >= 500 && !isVoid(status);
}

/** Whether a status refuses the request: 4xx, but not 429, which says nothing about it. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !isVoid(status);
}

/** The verdict on a case in which the server never got to one of these requests (429, 502, 503, 504); else `null`. */
export function voided(...exchanges: readonly (Exchange | undefined)[]): Verdict<never, never> | null {
  for (const exchange of exchanges) {
    if (exchange === undefined || !isAnswered(exchange)) continue;
    const { status } = exchange.response;
    if (isVoid(status)) return inconclusive(status === 429 ? 'rate-limited' : 'unavailable', { status, tries: 1 });
  }
  return null;
}

/** The same for all that a case sent itself; what a count met on the way stands in its reading. */
export function anyVoided({
  exchanges,
  readings,
}: Pick<Evidence, 'exchanges' | 'readings'>): Verdict<never, never> | null {
  const counted = new Set(readings.flatMap(reading => reading.exchanges));
  return voided(...exchanges.filter(({ n }) => !counted.has(n)));
}

/** Statuses as a message shows them: `400, 409 or 422`. */
export function listed(statuses: readonly number[]): string {
  const last = statuses.at(-1);
  return statuses.length < 2 ? String(last ?? 'none') : `${statuses.slice(0, -1).join(', ')} or ${last}`;
}
