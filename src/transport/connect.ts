import { lookup } from 'node:dns';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Client } from 'undici';

/** How to trust and to be trusted. */
export interface Tls {
  readonly insecure: boolean;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** One connection of its own, open and unused. */
export interface Connection {
  readonly client: Client;
  readonly socket: Socket;
}

/** Opens a connection to an origin, with Nagle off; rejects when it cannot be opened in time or the signal aborts. */
export function openConnection(origin: URL, tls: Tls, timeoutMs: number, signal: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = dial(origin, tls);
    const give = (error: Error) => {
      stop();
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(
      () => give(Object.assign(new Error(`no connection within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    const onAbort = () => give(Object.assign(new Error('the run gave the connection up'), { code: 'ABORTED' }));
    const onReady = () => {
      stop();
      socket.setNoDelay(true);
      resolve({ socket, client: clientOn(origin, socket) });
    };
    const stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', give);
      socket.removeListener('secureConnect', onReady);
      socket.removeListener('connect', onReady);
    };
    signal.addEventListener('abort', onAbort);
    socket.once('error', give);
    socket.once(origin.protocol === 'https:' ? 'secureConnect' : 'connect', onReady);
    if (signal.aborted) onAbort();
  });
}

function dial(origin: URL, { insecure, ca, cert, key }: Tls): Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  if (origin.protocol !== 'https:') return connectTcp({ host, port: Number(origin.port || 80), lookup });
  return connectTls({
    host,
    port: Number(origin.port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  });
}

/** Ends a connection, whether or not its client has taken the socket over. */
export function closeConnection({ client, socket }: Connection): void {
  client.destroy().catch(() => {});
  socket.destroy();
}

/**
 * A client that has this one socket and never another: should the socket die, a second connect is refused, so that
 * nothing can be sent again behind anyone's back.
 */
function clientOn(origin: URL, socket: Socket): Client {
  let isUsed = false;
  // Until undici has taken the socket over, nobody else would hear that it died.
  socket.on('error', () => {});
  return new Client(origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 60_000,
    connect: (_options, done) => {
      const isFirst = !isUsed;
      isUsed = true;
      // A synchronous answer would re-enter the client's queue and hang it.
      queueMicrotask(() => (isFirst && !socket.destroyed ? done(null, socket) : done(gone(), null)));
    },
  });
}

function gone(): Error {
  return Object.assign(new Error('the connection was closed by the server'), { code: 'ECONNRESET' });
}
