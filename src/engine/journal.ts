import { isAnswered, isVoid, type Exchange } from '../core/http.js';
import { keyOn } from '../core/operation.js';
import { PROVOKED } from '../core/step.js';
import type { RecordedExchange } from '../core/report.js';
import type { Outgoing } from '../core/resource.js';
import type { Wire } from '../core/transport.js';
import type { Ledger } from './ledger.js';

/** Where in the run a request belongs. */
export interface Place {
  readonly result: string;
  readonly step: string;
  readonly attempt: number;
  readonly round: number;
}

/** Every request of a run with what came of it, numbered in the order of their ends. */
export interface Journal {
  readonly exchanges: readonly RecordedExchange[];
  /** Keyed requests of the target's own caller that were turned away with 429, 502, 503 or 504 unasked, in their order. */
  readonly turnedAway: readonly TurnedAway[];
  /** Notes an exchange and, unless it is the user's own (`null`), what it created or deleted. */
  readonly record: (sent: Outgoing | null, place: Place, lane: number, wired: Wire) => Exchange;
}

/** A keyed request that was turned away, and the result it was sent for. */
export interface TurnedAway {
  readonly sent: Outgoing;
  readonly result: string;
  readonly status: number;
}

export function createJournal(ledger: Ledger): Journal {
  const exchanges: RecordedExchange[] = [];
  const turnedAway: TurnedAway[] = [];
  return {
    exchanges,
    turnedAway,
    record(sent, { result, ...rest }, lane, wired) {
      const exchange: Exchange = { n: exchanges.length + 1, ...rest, lane, ...wired };
      exchanges.push({
        ...exchange,
        result,
        ...(sent?.identity === undefined ? {} : { identity: sent.identity }),
        ...(sent === null ? {} : { operation: sent.operation.name }),
      });
      if (sent === null) return exchange;
      ledger.observe(sent, exchange);
      const status = turnedAwayWith(sent, exchange);
      if (status !== null) turnedAway.push({ sent, result, status });
      return exchange;
    },
  };
}

/** The status by which a keyed request was turned away; `null` where it was not, or where that says "in flight". */
function turnedAwayWith({ operation: { contract }, identity }: Outgoing, exchange: Exchange): number | null {
  if (identity !== undefined || exchange.step.startsWith(PROVOKED) || exchange.early === true) return null;
  if (!isAnswered(exchange) || !isVoid(exchange.response.status, contract.inflight.statuses)) return null;
  return keyOn(exchange.request, contract) === null ? null : exchange.response.status;
}
