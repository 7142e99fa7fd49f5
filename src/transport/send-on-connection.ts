import type { Cut } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { beginExchange, type H1Exchange } from './h1-exchange.js';
import type { H1Connection } from './h1-connection.js';
import { openLane } from './h1-connections.js';
import { Lost, lossOf } from './lost.js';
import type { Wiring } from './wiring.js';

/** Where a request is cut, and how long half of the usual answer takes, milliseconds. */
export interface Cutting {
  readonly cut: Cut;
  readonly halfWayMs: number;
}

/**
 * Sends one request over a connection of our own, byte for byte. With a `cutting` the connection is ended at that point, unless the
 * answer was complete before: then it is an answered exchange like any other. Never rejects.
 */
export async function sendOnConnection(
  wiring: Wiring,
  composed: Composed,
  cutting: Cutting | null,
  outer: AbortSignal,
): Promise<Wire> {
  const deadline = wiring.deadline(outer);
  let connection: H1Connection | null = null;
  let timer: NodeJS.Timeout | undefined;
  try {
    const bytes = wiring.bytesOf(composed, true);
    const lane = await openLane(wiring, deadline.signal);
    if (lane.connection === null) throw lane.loss;
    connection = lane.connection;
    const { nowUs, maxBodyBytes } = wiring;
    const give = () => cutting !== null && giveUp(exchange, cutting.cut);
    const exchange = beginExchange(connection, composed.sent, {
      sync: null,
      nowUs,
      maxBodyBytes,
      signal: deadline.signal,
      ...(cutting?.cut === 'head' ? { onHead: give } : {}),
    });
    exchange.release(bytes, () => {
      if (cutting?.cut === 'written') give();
      if (cutting?.cut === 'half-way') timer = setTimeout(give, cutting.halfWayMs);
    });
    return await exchange.wire;
  } catch (error) {
    return wiring.unsent(composed, lossOf(error), null);
  } finally {
    clearTimeout(timer);
    deadline.stop();
    connection?.close();
  }
}

function giveUp(exchange: H1Exchange, cut: Cut): void {
  exchange.giveUp(new Lost('aborted', `cut: ${cut}`));
}
