import type { Contract } from '../../../core/contract.js';
import { statusOf, type Exchange } from '../../../core/http.js';

/** Statuses by which servers say that a key is in flight, whatever their contract lists. */
const TOLD: readonly number[] = [409, 423, 425];

/** Whether an answer says that the key is still being worked on, as far as its status tells. */
export function isInFlight(exchange: Exchange, { inflight }: Pick<Contract, 'inflight'>): boolean {
  const status = statusOf(exchange);
  return status !== null && (inflight.statuses.includes(status) || TOLD.includes(status));
}

/** Whether the client gave the request up before its answer was complete. */
export function wasCut({ lost, response }: Exchange): boolean {
  return lost === 'aborted' && response === null;
}
