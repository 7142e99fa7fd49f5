import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../core/transport.js';
import { releaseConnections, type Pieces, type Ready } from './release-connections.js';
import type { Way } from './way.js';

/** The least and the most time prefixes get to arrive, milliseconds. */
const LEAD_MS = { least: 5, most: 500 };

/** Bytes one server process is sure to read in a millisecond, over all its connections. */
const READ_PER_MS = 150_000;

/**
 * Over HTTP/1.1, each on a warm connection of its own: everything but the last byte goes ahead, so that the release is one byte
 * a lane; a request without a body keeps back the last byte of its header section. The byte before the last goes out
 * right before the release: while the rest was on its way both machines fell asleep, and waking up is what would spread
 * the last bytes.
 */
export const lastByte: Way = {
  need: null,
  bears: () => true,
  release: (wiring, race) => releaseConnections(wiring, race, { sync: 'last-byte', cut, goAhead }),
};

function cut(bytes: Buffer): Pieces {
  const at = bytes.length - 1;
  const rest = Math.max(0, at - 1);
  return { prefix: bytes.subarray(0, rest), rouser: bytes.subarray(rest, at), last: bytes.subarray(at) };
}

async function goAhead(ready: readonly Ready[], warmUps: readonly Wire[], signal: AbortSignal): Promise<void> {
  await Promise.all(ready.map(async ({ begun }) => begun?.exchange.hold(begun.prefix)));
  const ahead = ready.reduce((sum, { begun }) => sum + (begun?.prefix.length ?? 0), 0);
  await sleep(leadMs(warmUps, ahead), undefined, { signal }).catch(() => {});
  await Promise.all(ready.map(async ({ begun }) => begun?.exchange.hold(begun.rouser)));
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
