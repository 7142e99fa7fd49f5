import { setImmediate as turn } from 'node:timers/promises';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import type { Connection } from './connect.js';
import { refusal, type Lost } from './lost.js';
import type { Wiring } from './wiring.js';

/** How often a lane is opened again before the release. */
const MOST_REOPENINGS = 3;

/** A request to release, and the safe one that warms its connection up. */
export interface Waiting {
  readonly request: Composed;
  readonly warmUp: Composed | null;
}

/** A connection in waiting, or why there is none. */
type Lane =
  { readonly connection: Connection; readonly loss: null } | { readonly connection: null; readonly loss: Lost };

/**
 * Releases whole requests at once: a connection for each, warmed up by a safe request, then all handed over in one
 * synchronous loop. A lane whose connection ends before the release is opened again; a released request never is.
 */
export async function releaseTogether(
  wiring: Wiring,
  waiting: readonly Waiting[],
  signal: AbortSignal,
): Promise<{ readonly released: readonly Wire[]; readonly warmUps: readonly Wire[] }> {
  const requests = waiting.map(({ request }) => request);
  const warmed = await Promise.all(waiting.map(one => prepare(wiring, one, signal)));
  const lanes = await settled(
    wiring,
    requests,
    warmed.map(({ lane }) => lane),
    signal,
  );
  try {
    const released = await release(wiring, requests, lanes, signal);
    return { released, warmUps: warmed.flatMap(({ answer }) => answer ?? []) };
  } finally {
    await Promise.all(lanes.map(async ({ connection }) => connection?.close()));
  }
}

/** The seam: every lane stands ready, every request goes out now. */
function release(
  wiring: Wiring,
  requests: readonly Composed[],
  lanes: readonly Lane[],
  signal: AbortSignal,
): Promise<readonly Wire[]> {
  const ready = requests.map((composed, at) => ({ composed, lane: lanes[at], deadline: wiring.deadline(signal) }));
  const wires = ready.map(({ composed, lane, deadline }) => {
    if (lane === undefined) throw new RangeError(`${requests.length} requests, ${lanes.length} lanes`);
    return lane.connection === null
      ? Promise.resolve(wiring.unsent(composed, lane.loss, 'barrier'))
      : wiring.exchangeOn(lane.connection, composed, { signal: deadline.signal, sync: 'barrier', isLast: true });
  });
  return Promise.all(wires).finally(() => ready.forEach(({ deadline }) => deadline.stop()));
}

async function prepare(
  wiring: Wiring,
  { request, warmUp }: Waiting,
  signal: AbortSignal,
): Promise<{ readonly lane: Lane; readonly answer: Wire | null }> {
  const lane = await opened(wiring, request, signal);
  if (warmUp === null) return { lane, answer: null };
  if (lane.connection === null) return { lane, answer: wiring.unsent(warmUp, lane.loss, null) };
  const deadline = wiring.warmUpDeadline(signal);
  const options = { signal: deadline.signal, sync: null, isLast: false };
  const answer = await wiring.exchangeOn(lane.connection, warmUp, options).finally(deadline.stop);
  return { lane, answer };
}

/** The lanes, those that died while others were warmed up opened again. */
async function settled(
  wiring: Wiring,
  requests: readonly Composed[],
  lanes: readonly Lane[],
  signal: AbortSignal,
): Promise<readonly Lane[]> {
  let current = lanes;
  for (let round = 0; round < MOST_REOPENINGS; round++) {
    // What servers sent behind their last answer (a close) is read by now.
    await turn();
    if (current.every(isReady)) return current;
    current = await Promise.all(
      requests.map(async (request, at) => {
        const lane = current[at];
        return lane !== undefined && isReady(lane) ? lane : reopened(wiring, request, lane, signal);
      }),
    );
  }
  return current;
}

function isReady({ connection }: Lane): boolean {
  return connection === null || connection.isUsable();
}

async function reopened(wiring: Wiring, request: Composed, lane: Lane | undefined, signal: AbortSignal): Promise<Lane> {
  await lane?.connection?.close();
  return opened(wiring, request, signal);
}

async function opened(wiring: Wiring, request: Composed, signal: AbortSignal): Promise<Lane> {
  const deadline = wiring.warmUpDeadline(signal);
  try {
    return { connection: await wiring.open(request, deadline.signal), loss: null };
  } catch (error) {
    return { connection: null, loss: refusal(error, 'the target') };
  } finally {
    deadline.stop();
  }
}
