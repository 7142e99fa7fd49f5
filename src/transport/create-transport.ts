import { setMaxListeners } from 'node:events';
import type { Request } from '../core/http.js';
import type { Credential, Transport, Wire } from '../core/transport.js';
import { compose, type Composed } from './compose.js';
import { createReleases } from './releases.js';
import { refusal } from './lost.js';
import { sendOnConnection } from './send-on-connection.js';
import { createWiring, type TransportOptions, type Wiring } from './wiring.js';

/**
 * A transport: each request once, on a connection of its own (over undici, or over a connection of ours when it must stand on
 * the wire byte for byte or be cut), or released together with others. Throws UsageError when the target's or the
 * proxy's URL is none.
 */
export function createTransport(options: TransportOptions): Transport {
  const life = new AbortController();
  const running = new Set<Promise<unknown>>();
  const wiring = createWiring(options);
  const own = { wiring, releases: createReleases(wiring, options) };
  // Another caller has no part in the client certificate.
  const bare = createWiring({ ...options, tls: { ...options.tls, cert: null, key: null } });
  const foreign = { wiring: bare, releases: createReleases(bare, options) };
  const goingOutAs = ({ replaces }: Credential) => (replaces === undefined ? own : foreign);
  const composed = (request: Request, credential: Credential) =>
    compose(request, wiring.route.target, options, credential);

  /** Runs until it ends by itself, its caller gives it up, or the transport is closed. */
  async function alive<Result>(outer: AbortSignal, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const caller = new AbortController();
    const onAbort = () => caller.abort();
    const sources = [outer, life.signal];
    // Each lane of a race listens; Node takes more than ten listeners for a leak, and says so on stderr.
    setMaxListeners(0, caller.signal, ...sources);
    for (const source of sources) source.addEventListener('abort', onAbort);
    if (sources.some(({ aborted }) => aborted)) onAbort();
    const done = work(caller.signal);
    running.add(done);
    try {
      return await done;
    } finally {
      running.delete(done);
      for (const source of sources) source.removeEventListener('abort', onAbort);
    }
  }

  return {
    send: (request, credential, signal) =>
      alive(signal, inner => {
        const one = composed(request, credential);
        const as = goingOutAs(credential).wiring;
        return one.isVerbatim ? sendOnConnection(as, one, null, inner) : sendAlone(as, one, inner);
      }),
    together: (requests, warmUp, credential, signal, sync, sessions = 'several') =>
      alive(signal, async inner => {
        const warm = warmUp === null ? null : composed(warmUp, credential);
        const all = requests.map(request => composed(request, credential));
        return goingOutAs(credential).releases.release({ sync: sync ?? null, sessions }, all, warm, inner);
      }),
    ways: () => alive(life.signal, own.releases.ways),
    interrupt: (request, cut, halfWayMs, credential, signal) =>
      alive(signal, inner => {
        const as = goingOutAs(credential).wiring;
        return sendOnConnection(as, composed(request, credential), { cut, halfWayMs }, inner);
      }),
    async close() {
      life.abort();
      await Promise.allSettled(running);
      wiring.close();
      bare.close();
    },
  };
}

async function sendAlone(wiring: Wiring, composed: Composed, outer: AbortSignal): Promise<Wire> {
  const deadline = wiring.deadline(outer);
  try {
    const connection = await wiring.open(composed, deadline.signal);
    try {
      return await wiring.exchangeOn(connection, composed, deadline.signal);
    } finally {
      await connection.close();
    }
  } catch (error) {
    return wiring.unsent(composed, refusal(error, 'the target'), null);
  } finally {
    deadline.stop();
  }
}
