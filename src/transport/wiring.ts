import type { SentRequest, Sync } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed, Defaults } from './compose.js';
import { openConnection, type Connection } from './connect.js';
import { startDeadline, type Deadline } from './deadline.js';
import type { Tls } from './dial.js';
import { exchange, unsent } from './exchange.js';
import { Lost } from './lost.js';
import { targetOf, type Target } from './target.js';
import { createWatch } from './watch.js';

const DEFAULT_BODY_BYTES = 1024 * 1024;

/** How a transport sends. */
export interface TransportOptions extends Defaults {
  readonly nowUs: () => number;
  /** For a whole exchange, connecting and a trickling body included. */
  readonly timeoutMs: number;
  /** For opening a lane of a race, and for its warm-up; `timeoutMs` when absent. */
  readonly warmUpTimeoutMs?: number;
  /** Bytes of a body that are kept; more are counted, up to 16 times as many. 1 MiB when absent. */
  readonly maxBodyBytes?: number;
  readonly tls: Tls;
  /** URL of an HTTP proxy; `null` or absent = none. */
  readonly proxy?: string | null;
}

/** What the ways of sending share. */
export interface Wiring {
  readonly target: Target;
  /** Opens a connection for a request; rejects with a `Lost`. */
  readonly open: (composed: Composed, signal: AbortSignal) => Promise<Connection>;
  /** Hands a request over before it returns; never rejects. */
  readonly exchangeOn: (
    connection: Connection,
    composed: Composed,
    options: { readonly signal: AbortSignal; readonly sync: Sync | null; readonly isLast: boolean },
  ) => Promise<Wire>;
  readonly unsent: (composed: Composed, loss: Lost, sync: Sync | null) => Wire;
  readonly deadline: (outer: AbortSignal) => Deadline;
  readonly warmUpDeadline: (outer: AbortSignal) => Deadline;
  /** Stops listening to undici. */
  readonly close: () => void;
}

/** Puts the parts of a transport together. Throws UsageError when the target's or the proxy's URL is none. */
export function createWiring(options: TransportOptions): Wiring {
  const { nowUs, timeoutMs, warmUpTimeoutMs = timeoutMs, maxBodyBytes = DEFAULT_BODY_BYTES, tls } = options;
  const target = targetOf(options.url);
  const proxy = options.proxy === undefined || options.proxy === null ? null : targetOf(options.proxy, '--proxy');
  const isRelayed = proxy !== null && !target.isTls;
  const watch = createWatch();
  // A proxy that relays plain HTTP is asked with the absolute URL (RFC 9112 section 3.2.2).
  const pathOf = ({ url }: SentRequest) => (isRelayed ? url : url.slice(target.origin.length));
  const proxyHeaders = isRelayed && proxy.authorization !== null ? ['proxy-authorization', proxy.authorization] : [];
  const never = ({ sent }: Composed, loss: Lost, sync: Sync | null) => unsent(sent, loss, sync, nowUs);
  return {
    target,
    async open({ sent, refusal: reason, isForeign }, signal) {
      if (reason !== null) throw mustNotGo(reason);
      const own = isForeign ? { ...tls, cert: null, key: null } : tls;
      return openConnection({ target, tls: own, proxy }, sent.method === 'HEAD', signal);
    },
    async exchangeOn(connection, composed, how) {
      const { sent, refusal } = composed;
      if (refusal !== null) return never(composed, mustNotGo(refusal), how.sync);
      return exchange(connection, sent, { path: pathOf(sent), proxyHeaders, nowUs, maxBodyBytes, watch, ...how });
    },
    unsent: never,
    deadline: outer => startDeadline(timeoutMs, outer),
    warmUpDeadline: outer => startDeadline(warmUpTimeoutMs, outer),
    close: watch.close,
  };
}

function mustNotGo(reason: string): Lost {
  return new Lost('protocol', `not sent: ${reason}`);
}
