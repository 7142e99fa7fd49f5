import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import type { Deadline } from './deadline.js';
import { letCome } from './let-come.js';
import { beginExchange, type LineExchange } from './line-exchange.js';
import type { Line } from './line.js';
import { prepareLines, type Lane } from './lines.js';
import { lossOf, type Lost } from './lost.js';
import type { Wiring } from './wiring.js';

/** The least and the most time prefixes get to arrive, milliseconds. */
const LEAD_MS = { least: 5, most: 500 };

/** Bytes one server process is sure to read in a millisecond, over all its connections. */
const READ_PER_MS = 150_000;

/** Requests of a race as released, and what was sent to warm up. */
export interface Released {
  readonly released: readonly Wire[];
  readonly warmUps: readonly Wire[];
}

/** How HTTP/1.1 releases a race: with the last byte of each request, or with whole requests. */
export type LineSync = 'last-byte' | 'barrier';

interface Ready {
  readonly composed: Composed;
  /** `null` = it cannot go out, for `loss`. */
  readonly begun: {
    readonly exchange: LineExchange;
    readonly prefix: Buffer;
    /** The byte before the last, on its own. */
    readonly rouser: Buffer;
    readonly last: Buffer;
  } | null;
  readonly loss: Lost | null;
}

/**
 * Releases requests at once over HTTP/1.1, each on a warm line of its own. `last-byte` sends everything but the last
 * byte ahead, so that the release is one byte a lane; a request without a body keeps back the last byte of its header
 * section. The byte before the last goes out right before the release: while the rest was on its way both machines fell
 * asleep, and waking up is what would spread the last bytes. `barrier` sends whole requests. What has begun to go out is never sent again.
 */
export async function releaseLines(
  wiring: Wiring,
  sync: LineSync,
  requests: readonly Composed[],
  warmUp: Composed | null,
  signal: AbortSignal,
): Promise<Released> {
  const { lanes, warmUps } = await prepareLines(wiring, requests.length, warmUp, signal);
  const deadline = wiring.deadline(signal);
  try {
    const ready = requests.map((composed, at) => begun(wiring, sync, composed, laneAt(lanes, at), deadline));
    if (sync === 'last-byte') {
      await Promise.all(ready.map(async ({ begun: one }) => one?.exchange.hold(one.prefix)));
      const ahead = ready.reduce((sum, { begun: one }) => sum + (one?.prefix.length ?? 0), 0);
      await sleep(leadMs(warmUps, ahead), undefined, { signal: deadline.signal }).catch(() => {});
      await Promise.all(ready.map(async ({ begun: one }) => one?.exchange.hold(one.rouser)));
      await letCome();
    }
    releaseNow(ready);
    const wires = ready.map(async ({ composed, begun: one, loss }) =>
      one === null || loss !== null ? wiring.unsent(composed, lossOf(loss), sync) : one.exchange.wire,
    );
    return { released: await Promise.all(wires), warmUps };
  } finally {
    deadline.stop();
    lanes.forEach(({ line }) => line?.close());
  }
}

/** The seam: between the first and the last of these writes nothing else runs. */
function releaseNow(ready: readonly Ready[]): void {
  for (const { begun: one } of ready) one?.exchange.release(one.last);
}

function begun(wiring: Wiring, sync: LineSync, composed: Composed, lane: Lane, { signal }: Deadline): Ready {
  if (lane.line === null) return { composed, begun: null, loss: lane.loss };
  try {
    return { composed, begun: cut(wiring, sync, composed, lane.line, signal), loss: null };
  } catch (error) {
    return { composed, begun: null, loss: lossOf(error) };
  }
}

function cut(wiring: Wiring, sync: LineSync, composed: Composed, line: Line, signal: AbortSignal): Ready['begun'] {
  const { nowUs, maxBodyBytes } = wiring;
  const bytes = wiring.bytesOf(composed, false);
  const at = sync === 'last-byte' ? bytes.length - 1 : 0;
  const rest = Math.max(0, at - 1);
  const exchange = beginExchange(line, composed.sent, { sync, nowUs, maxBodyBytes, signal });
  return { exchange, prefix: bytes.subarray(0, rest), rouser: bytes.subarray(rest, at), last: bytes.subarray(at) };
}

/** Twice the usual round trip, as the warm-ups had it, and the time a server needs to read what goes ahead. */
function leadMs(warmUps: readonly Wire[], ahead: number): number {
  const trips = warmUps
    .flatMap(({ sentAtUs, firstByteAtUs }) =>
      sentAtUs === null || firstByteAtUs === null ? [] : [(firstByteAtUs - sentAtUs) / 1000],
    )
    .toSorted((a, b) => a - b);
  const usual = trips[Math.floor(trips.length / 2)] ?? 0;
  return Math.min(LEAD_MS.most, Math.max(LEAD_MS.least, 2 * usual) + ahead / READ_PER_MS);
}

function laneAt(lanes: readonly Lane[], at: number): Lane {
  const lane = lanes[at];
  if (lane === undefined) throw new RangeError(`${lanes.length} lanes, no lane ${at}`);
  return lane;
}
