import { header, type SentRequest } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import { closeConnection, type Connection } from './connect.js';
import type { Wiring } from './create-transport.js';

interface Lane {
  readonly connection: Connection | null;
  readonly error: unknown;
  readonly warmUp: Wire | null;
}

/**
 * Releases whole requests at once: a connection for each, warmed up by a safe request, then all handed over in one
 * synchronous loop. A lane whose connection ends before the release is opened again; a released request never is.
 */
export async function releaseTogether(
  wiring: Wiring,
  requests: readonly SentRequest[],
  warmUp: SentRequest | null,
  signal: AbortSignal,
): Promise<{ readonly released: readonly Wire[]; readonly warmUps: readonly Wire[] }> {
  const lanes = await Promise.all(requests.map(request => prepare(wiring, request, warmUp, signal)));
  const ready = await Promise.all(requests.map((request, at) => reopened(wiring, request, lanes[at], signal)));
  const released = await Promise.all(
    ready.map(({ connection, error }, at) => {
      const request = requests[at];
      if (request === undefined) throw new RangeError(`no request for lane ${at}`);
      return connection === null
        ? Promise.resolve(wiring.lost(request, error, 'barrier', signal))
        : wiring.exchangeOn(connection, request, signal, 'barrier');
    }),
  );
  for (const { connection } of ready) if (connection !== null) closeConnection(connection);
  return { released, warmUps: lanes.flatMap(lane => lane.warmUp ?? []) };
}

async function prepare(
  wiring: Wiring,
  request: SentRequest,
  warmUp: SentRequest | null,
  signal: AbortSignal,
): Promise<Lane> {
  try {
    const connection = await wiring.open(request.url, signal);
    const answer = warmUp === null ? null : await wiring.exchangeOn(connection, warmUp, signal, null);
    return { connection, error: null, warmUp: answer };
  } catch (error) {
    return { connection: null, error, warmUp: null };
  }
}

async function reopened(
  wiring: Wiring,
  request: SentRequest,
  lane: Lane | undefined,
  signal: AbortSignal,
): Promise<Lane> {
  if (lane !== undefined && lane.connection !== null && isUsable(lane, lane.connection)) return lane;
  if (lane !== undefined && lane.connection !== null) closeConnection(lane.connection);
  try {
    return { connection: await wiring.open(request.url, signal), error: null, warmUp: null };
  } catch (error) {
    return { connection: null, error, warmUp: null };
  }
}

function isUsable({ warmUp }: Lane, { socket }: Connection): boolean {
  if (socket.destroyed || !socket.writable) return false;
  if (warmUp === null) return true;
  return warmUp.response !== null && !/\bclose\b/i.test(header(warmUp.response, 'connection') ?? '');
}
