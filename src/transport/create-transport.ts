import { setMaxListeners } from 'node:events';
import type { Request } from '../core/http.js';
import type { Credential, Transport, Wire } from '../core/transport.js';
import { releaseTogether } from './barrier.js';
import { compose, type Composed } from './compose.js';
import { refusal } from './lost.js';
import { createWiring, type TransportOptions, type Wiring } from './wiring.js';

/**
 * A transport over undici: each request once, on a connection of its own or on warm ones released together. Throws
 * UsageError when the target's or the proxy's URL is none.
 */
export function createTransport(options: TransportOptions): Transport {
  const life = new AbortController();
  const running = new Set<Promise<unknown>>();
  const wiring = createWiring(options);
  const composed = (request: Request, credential: Credential) => compose(request, wiring.target, options, credential);

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
      alive(signal, inner => sendAlone(wiring, composed(request, credential), inner)),
    together: (requests, warmUp, credential, signal) =>
      alive(signal, inner => {
        const lanes = requests.map((request, at) => {
          const own = credentialOf(credential, at);
          return { request: composed(request, own), warmUp: warmUp === null ? null : composed(warmUp, own) };
        });
        return releaseTogether(wiring, lanes, inner);
      }),
    async close() {
      life.abort();
      await Promise.allSettled(running);
      wiring.close();
    },
  };
}

function credentialOf(credential: Credential | readonly Credential[], lane: number): Credential {
  if ('headers' in credential) return credential;
  const own = credential[lane];
  if (own === undefined) throw new RangeError(`${credential.length} credentials, and no lane ${lane + 1} among them`);
  return own;
}

async function sendAlone(wiring: Wiring, composed: Composed, outer: AbortSignal): Promise<Wire> {
  const deadline = wiring.deadline(outer);
  try {
    const connection = await wiring.open(composed, deadline.signal);
    try {
      return await wiring.exchangeOn(connection, composed, { signal: deadline.signal, sync: null, isLast: true });
    } finally {
      await connection.close();
    }
  } catch (error) {
    return wiring.unsent(composed, refusal(error, 'the target'), null);
  } finally {
    deadline.stop();
  }
}
