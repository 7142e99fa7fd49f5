import type { Cut } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { beginExchange, type LineExchange } from './line-exchange.js';
import type { Line } from './line.js';
import { openLane } from './lines.js';
import { Lost, lossOf } from './lost.js';
import type { Wiring } from './wiring.js';

/** Where a request is cut, and how long half of the usual answer takes, milliseconds. */
export interface Cutting {
  readonly cut: Cut;
  readonly halfWayMs: number;
}

/**
 * Sends one request over a line of our own, byte for byte. With a `cutting` the line is ended at that point, unless the
 * answer was complete before: then it is an answered exchange like any other. Never rejects.
 */
export async function sendOnLine(
  wiring: Wiring,
  composed: Composed,
  cutting: Cutting | null,
  outer: AbortSignal,
): Promise<Wire> {
  const deadline = wiring.deadline(outer);
  let line: Line | null = null;
  let timer: NodeJS.Timeout | undefined;
  try {
    const bytes = wiring.bytesOf(composed, true);
    const lane = await openLane(wiring, deadline.signal);
    if (lane.line === null) throw lane.loss;
    line = lane.line;
    const { nowUs, maxBodyBytes } = wiring;
    const give = () => cutting !== null && giveUp(exchange, cutting.cut);
    const exchange = beginExchange(line, composed.sent, {
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
    line?.close();
  }
}

function giveUp(exchange: LineExchange, cut: Cut): void {
  exchange.giveUp(new Lost('aborted', `cut: ${cut}`));
}
