import type { SentRequest } from '../core/http.js';
import type { Sync, SyncChoice } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import type { Composed, Defaults } from './compose.js';
import type { Connection } from './connect.js';
import { startDeadline, type Deadline } from './deadline.js';
import { dial, type Route, type Tls } from './dial.js';
import { exchange, unsent } from './exchange.js';
import { createH1Connection, type H1Connection } from './h1-connection.js';
import { Lost } from './lost.js';
import { requestBytes } from './request-bytes.js';
import { targetOf } from './target.js';
import { createWatch } from './watch.js';

const DEFAULT_BODY_BYTES = 1024 * 1024;

export type { SyncChoice };

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
  /** How races are released; `auto` when absent. */
  readonly sync?: SyncChoice;
  /** The target speaks HTTP/2 without TLS, by prior knowledge. */
  readonly h2c?: boolean;
  /** A way of release does not work at the target, and why; from now on another takes its place. */
  readonly onDropped?: (sync: Sync, why: string) => void;
}

/** What the ways of sending share. */
export interface Wiring {
  readonly route: Route;
  readonly nowUs: () => number;
  readonly maxBodyBytes: number;
  /** A proxy reads the requests, and is asked with absolute URLs. */
  readonly isRelayed: boolean;
  /** Opens a connection of undici's; rejects with a `Lost`. */
  readonly open: (composed: Composed, signal: AbortSignal) => Promise<Connection>;
  /** Hands a request over to undici; never rejects. */
  readonly exchangeOn: (connection: Connection, composed: Composed, signal: AbortSignal) => Promise<Wire>;
  /** Opens a connection of our own; rejects with a `Lost`. */
  readonly openConnection: (signal: AbortSignal) => Promise<H1Connection>;
  /** The request as bytes; throws a `Lost` when it must not go out. */
  readonly bytesOf: (composed: Composed, isLast: boolean) => Buffer;
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
  const route = { target, tls, proxy };
  const watch = createWatch();
  // A proxy that relays plain HTTP is asked with the absolute URL (RFC 9112 section 3.2.2).
  const pathOf = ({ url }: SentRequest) => (isRelayed ? url : url.slice(target.origin.length));
  const proxyHeaders = isRelayed && proxy.authorization !== null ? ['proxy-authorization', proxy.authorization] : [];
  const never = ({ sent }: Composed, loss: Lost, sync: Sync | null) => unsent(sent, loss, sync, nowUs);
  return {
    route,
    nowUs,
    maxBodyBytes,
    isRelayed,
    async open({ sent, refusal: reason }, signal) {
      if (reason !== null) throw mustNotGo(reason);
      // The client library is the heaviest thing to load, and a race does without.
      const { openConnection } = await import('./connect.js');
      return openConnection(route, sent.method === 'HEAD', signal);
    },
    exchangeOn: (connection, { sent }, signal) =>
      exchange(connection, sent, { path: pathOf(sent), proxyHeaders, nowUs, maxBodyBytes, watch, signal }),
    openConnection: async signal => createH1Connection(await dial(route, signal)),
    bytesOf({ sent, refusal, isVerbatim }, isLast) {
      if (refusal !== null) throw mustNotGo(refusal);
      return requestBytes(sent, { path: pathOf(sent), proxyHeaders, isLast, isVerbatim });
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
