import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { letCome } from './let-come.js';
import { beginExchange } from './h1-exchange.js';
import type { H1Connection } from './h1-connection.js';
import { lossOf, refusal, type Lost } from './lost.js';
import type { Wiring } from './wiring.js';

/** How often a lane is opened again before its request begins to go out. */
const MOST_REOPENINGS = 3;

/** The place of one request of a race: a connection in waiting, or why there is none. */
export type Lane =
  { readonly connection: H1Connection; readonly loss: null } | { readonly connection: null; readonly loss: Lost };

/** Lanes that stand ready, and what was sent to warm them up. */
export interface Prepared {
  readonly lanes: readonly Lane[];
  readonly warmUps: readonly Wire[];
}

/**
 * Opens a connection for each of so many requests, sends the warm-up on each, and opens again those that the server ended
 * meanwhile: nothing of the race has gone out yet.
 */
export async function prepareConnections(
  wiring: Wiring,
  width: number,
  warmUp: Composed | null,
  signal: AbortSignal,
): Promise<Prepared> {
  const warmed = await Promise.all(Array.from({ length: width }, () => prepare(wiring, warmUp, signal)));
  let lanes = warmed.map(({ lane }) => lane);
  for (let round = 0; round < MOST_REOPENINGS; round++) {
    // What servers sent behind their last answer (a close) is read by now.
    await letCome();
    if (lanes.every(isReady)) break;
    lanes = await Promise.all(lanes.map(async lane => (isReady(lane) ? lane : reopened(wiring, lane, signal))));
  }
  return { lanes, warmUps: warmed.flatMap(({ answer }) => answer ?? []) };
}

/** Opens one connection, or says why not. */
export async function openLane(wiring: Wiring, signal: AbortSignal): Promise<Lane> {
  try {
    return { connection: await wiring.openConnection(signal), loss: null };
  } catch (error) {
    return { connection: null, loss: refusal(error, 'the target') };
  }
}

async function prepare(
  wiring: Wiring,
  warmUp: Composed | null,
  signal: AbortSignal,
): Promise<{ readonly lane: Lane; readonly answer: Wire | null }> {
  const lane = await opened(wiring, signal);
  if (warmUp === null) return { lane, answer: null };
  if (lane.connection === null) return { lane, answer: wiring.unsent(warmUp, lane.loss, null) };
  const deadline = wiring.warmUpDeadline(signal);
  try {
    return { lane, answer: await warmedBy(wiring, lane.connection, warmUp, deadline.signal) };
  } finally {
    deadline.stop();
  }
}

async function warmedBy(
  wiring: Wiring,
  connection: H1Connection,
  warmUp: Composed,
  signal: AbortSignal,
): Promise<Wire> {
  const { nowUs, maxBodyBytes } = wiring;
  try {
    const bytes = wiring.bytesOf(warmUp, false);
    const exchange = beginExchange(connection, warmUp.sent, { sync: null, nowUs, maxBodyBytes, signal });
    exchange.release(bytes);
    return await exchange.wire;
  } catch (error) {
    return wiring.unsent(warmUp, lossOf(error), null);
  }
}

function isReady({ connection }: Lane): boolean {
  return connection === null || connection.isUsable();
}

function reopened(wiring: Wiring, lane: Lane, signal: AbortSignal): Promise<Lane> {
  lane.connection?.close();
  return opened(wiring, signal);
}

async function opened(wiring: Wiring, signal: AbortSignal): Promise<Lane> {
  const deadline = wiring.warmUpDeadline(signal);
  try {
    return await openLane(wiring, deadline.signal);
  } finally {
    deadline.stop();
  }
}
