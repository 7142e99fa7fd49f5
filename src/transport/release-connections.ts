import type { Sync } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { letCome } from './let-come.js';
import { beginExchange, type H1Exchange } from './h1-exchange.js';
import type { H1Connection } from './h1-connection.js';
import { prepareConnections, type Lane } from './h1-connections.js';
import { lossOf, type Lost } from './lost.js';
import type { Race, Released } from './way.js';
import type { Wiring } from './wiring.js';

/** The bytes of a request in the pieces they go out in. */
export interface Pieces {
  readonly prefix: Buffer;
  /** What goes out right before the release, on its own. */
  readonly rouser: Buffer;
  readonly last: Buffer;
}

/** What sets a way of releasing over connections apart from the others. */
export interface ConnectionWay {
  readonly sync: Sync;
  readonly cut: (bytes: Buffer) => Pieces;
  /** Hands over what goes ahead of the release; `null` = nothing does. */
  readonly goAhead: ((ready: readonly Ready[], warmUps: readonly Wire[], signal: AbortSignal) => Promise<void>) | null;
}

/** A request in its place. */
export interface Ready {
  readonly composed: Composed;
  /** `null` = it cannot go out, for `loss`. */
  readonly begun: (Pieces & { readonly exchange: H1Exchange }) | null;
  readonly loss: Lost | null;
}

/**
 * Releases requests at once over HTTP/1.1, each on a warm connection of its own. What has begun to go out is never sent again.
 */
export async function releaseConnections(
  wiring: Wiring,
  { requests, warmUp, signal }: Race,
  way: ConnectionWay,
): Promise<Released> {
  const { lanes, warmUps } = await prepareConnections(wiring, requests.length, warmUp, signal);
  const deadline = wiring.deadline(signal);
  try {
    const ready = requests.map((composed, at) => begun(wiring, way, composed, laneAt(lanes, at), deadline.signal));
    if (way.goAhead !== null) {
      await way.goAhead(ready, warmUps, deadline.signal);
      await letCome();
    }
    releaseNow(ready);
    const wires = ready.map(async ({ composed, begun: one, loss }) =>
      one === null || loss !== null ? wiring.unsent(composed, lossOf(loss), way.sync) : one.exchange.wire,
    );
    return { released: await Promise.all(wires), warmUps };
  } finally {
    deadline.stop();
    lanes.forEach(({ connection }) => connection?.close());
  }
}

/** The seam: between the first and the last of these writes nothing else runs. */
function releaseNow(ready: readonly Ready[]): void {
  for (const { begun: one } of ready) one?.exchange.release(one.last);
}

function begun(wiring: Wiring, way: ConnectionWay, composed: Composed, lane: Lane, signal: AbortSignal): Ready {
  if (lane.connection === null) return { composed, begun: null, loss: lane.loss };
  try {
    return { composed, begun: begin(wiring, way, composed, lane.connection, signal), loss: null };
  } catch (error) {
    return { composed, begun: null, loss: lossOf(error) };
  }
}

function begin(
  wiring: Wiring,
  { sync, cut }: ConnectionWay,
  composed: Composed,
  connection: H1Connection,
  signal: AbortSignal,
) {
  const { nowUs, maxBodyBytes } = wiring;
  const { prefix, rouser, last } = cut(wiring.bytesOf(composed, false));
  return {
    exchange: beginExchange(connection, composed.sent, { sync, nowUs, maxBodyBytes, signal }),
    prefix,
    rouser,
    last,
  };
}

function laneAt(lanes: readonly Lane[], at: number): Lane {
  const lane = lanes[at];
  if (lane === undefined) throw new RangeError(`${lanes.length} lanes, no lane ${at}`);
  return lane;
}
