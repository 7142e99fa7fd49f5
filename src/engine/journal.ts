import type { Exchange } from '../core/http.js';
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
  /** Name of the operation an exchange belongs to. */
  readonly operationOf: (n: number) => string | undefined;
  /** Notes an exchange and, unless it is the user's own (`null`), what it created or deleted. */
  readonly record: (sent: Outgoing | null, place: Place, lane: number, wired: Wire) => Exchange;
}

export function createJournal(ledger: Ledger): Journal {
  const exchanges: RecordedExchange[] = [];
  const operations = new Map<number, string>();
  return {
    exchanges,
    operationOf: n => operations.get(n),
    record(sent, { result, ...rest }, lane, wired) {
      const exchange: Exchange = { n: exchanges.length + 1, ...rest, lane, ...wired };
      exchanges.push({ ...exchange, result, ...(sent?.identity === undefined ? {} : { identity: sent.identity }) });
      if (sent !== null) {
        operations.set(exchange.n, sent.operation.name);
        ledger.observe(sent, exchange);
      }
      return exchange;
    },
  };
}
