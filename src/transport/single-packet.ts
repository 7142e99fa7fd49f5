import type { Sessions } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import { beginH2Exchange, type H2Exchange } from './h2-exchange.js';
import { openH2, speaksH2, type H2Session } from './h2-session.js';
import { letCome } from './let-come.js';
import { Lost, lossOf, refusal } from './lost.js';
import type { Race, Released, Way } from './way.js';
import type { Wiring } from './wiring.js';

/** Sessions of one race at most: enough to reach several processes behind one address. */
const MOST_SESSIONS = 4;
/** How often a session is opened again before anything of the race has gone out. */
const MOST_REOPENINGS = 3;

interface Ready {
  readonly composed: Composed;
  /** `null` = it cannot go out, for `loss`. */
  readonly exchange: H2Exchange | null;
  readonly loss: Lost | null;
}

/**
 * Over HTTP/2: headers and all but the last byte of each body go ahead, a PING tells that the server has read them, and
 * the final frames of each session leave in one write. There is one session, or as many as have at least two requests to
 * carry, at most four; and more when the server bears too few streams on one; a request that finds no place is not sent.
 */
export const singlePacket: Way = {
  need: { isMet: speaksH2, unmet: 'the target does not offer HTTP/2' },
  // HTTP/2 has no bytes of a request to keep.
  bears: ({ isVerbatim }) => !isVerbatim,
  release: releaseStreams,
};

async function releaseStreams(
  wiring: Wiring,
  { requests, warmUp, signal, sessions: breadth }: Race,
): Promise<Released> {
  const opened: H2Session[] = [];
  try {
    const { sessions, warmUps, loss } = await prepare(wiring, requests.length, warmUp, { signal, opened, breadth });
    return { released: await release(wiring, requests, { sessions, loss }, signal), warmUps };
  } finally {
    opened.forEach(session => session.close());
  }
}

async function release(
  wiring: Wiring,
  requests: readonly Composed[],
  { sessions, loss }: { readonly sessions: readonly H2Session[]; readonly loss: Lost },
  outer: AbortSignal,
): Promise<readonly Wire[]> {
  const { signal, stop } = wiring.deadline(outer);
  try {
    const places = placesOn(sessions, requests.length);
    const ready = requests.map((composed, at) => begun(wiring, composed, places[at] ?? loss, signal));
    await Promise.all(ready.map(async ({ exchange }) => exchange?.hold()));
    await Promise.all(sessions.map(async session => session.caughtUp(signal)));
    await letCome();
    releaseNow(ready);
    const wires = ready.map(async ({ composed, exchange, loss: why }) =>
      exchange === null ? wiring.unsent(composed, lossOf(why), 'single-packet') : exchange.wire,
    );
    return await Promise.all(wires);
  } finally {
    stop();
  }
}

/** The seam: the frames that these calls make leave together, one write a session, when this turn is over. */
function releaseNow(ready: readonly Ready[]): void {
  for (const { exchange } of ready) exchange?.release();
}

function begun(wiring: Wiring, composed: Composed, place: H2Session | Lost, signal: AbortSignal): Ready {
  if (place instanceof Lost) return { composed, exchange: null, loss: place };
  try {
    return { composed, exchange: streamFor(wiring, place, composed, { signal, sync: 'single-packet' }), loss: null };
  } catch (error) {
    return { composed, exchange: null, loss: lossOf(error) };
  }
}

function streamFor(
  { nowUs, maxBodyBytes, route }: Wiring,
  { session }: H2Session,
  { sent, refusal: reason }: Composed,
  how: { readonly signal: AbortSignal; readonly sync: 'single-packet' | null },
): H2Exchange {
  if (reason !== null) throw new Lost('protocol', `not sent: ${reason}`);
  const path = sent.url.slice(route.target.origin.length);
  return beginH2Exchange(session, sent, { path, nowUs, maxBodyBytes, ...how });
}

/** A session for each request in turn, as far as the server bears streams. */
function placesOn(sessions: readonly H2Session[], width: number): readonly H2Session[] {
  const most = Math.min(...sessions.map(({ capacity }) => capacity));
  const count = sessions.length === 0 ? 0 : Math.min(width, most * sessions.length);
  return Array.from({ length: count }, (_, at) => sessions[at % sessions.length]).filter(one => one !== undefined);
}

interface Surroundings {
  readonly signal: AbortSignal;
  /** Every session ever opened, for the clean-up. */
  readonly opened: H2Session[];
  readonly breadth: Sessions;
}

/** Opens sessions, warms each up, and opens again those that ended meanwhile. */
async function prepare(wiring: Wiring, width: number, warmUp: Composed | null, around: Surroundings) {
  const least = around.breadth === 'one' ? 1 : Math.min(MOST_SESSIONS, Math.max(1, Math.floor(width / 2)));
  const first = await openMany(wiring, least, around);
  const capacity = Math.min(...first.sessions.map(one => one.capacity));
  const wanted = Math.min(MOST_SESSIONS, Math.ceil(width / Math.max(1, capacity)));
  const more = await openMany(wiring, first.sessions.length === 0 ? 0 : wanted - first.sessions.length, around);
  let sessions = [...first.sessions, ...more.sessions];
  const warmUps = warmUp === null ? [] : await Promise.all(sessions.map(async one => warmed(wiring, one, warmUp, around.signal))); // prettier-ignore
  for (let round = 0; round < MOST_REOPENINGS && sessions.some(one => !one.isUsable()); round++) {
    const alive = sessions.filter(one => one.isUsable());
    sessions = [...alive, ...(await openMany(wiring, sessions.length - alive.length, around)).sessions];
  }
  const full = new Lost('refused', `not sent: the server bears ${capacity} streams a connection`);
  return { sessions, warmUps, loss: sessions.length === 0 ? (first.loss ?? full) : full };
}

async function openMany(wiring: Wiring, count: number, { signal, opened }: Surroundings) {
  const deadline = wiring.warmUpDeadline(signal);
  try {
    const tried = await Promise.allSettled(Array.from({ length: Math.max(0, count) }, () => openH2(wiring, deadline.signal))); // prettier-ignore
    const sessions = tried.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = tried.find(one => one.status === 'rejected');
    opened.push(...sessions);
    return { sessions, loss: failed === undefined ? null : refusal(failed.reason, wiring.route.target.origin) };
  } finally {
    deadline.stop();
  }
}

async function warmed(wiring: Wiring, session: H2Session, warmUp: Composed, signal: AbortSignal): Promise<Wire> {
  const deadline = wiring.warmUpDeadline(signal);
  try {
    const exchange = streamFor(wiring, session, warmUp, { signal: deadline.signal, sync: null });
    exchange.release();
    return await exchange.wire;
  } catch (error) {
    return wiring.unsent(warmUp, lossOf(error), null);
  } finally {
    deadline.stop();
  }
}
