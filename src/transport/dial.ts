import { request as httpRequest } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Lost, refusal } from './lost.js';
import type { Target } from './target.js';

/** How to trust and to be trusted; certificates and keys as PEM text. */
export interface Tls {
  readonly insecure: boolean;
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}

/** A `Tls` as node:tls takes it. */
interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The way to the target. */
export interface Route {
  readonly target: Target;
  readonly tls: Tls;
  readonly proxy: Target | null;
}

/** The protocols offered to a TLS server (RFC 7301). */
export type Alpn = readonly ('h2' | 'http/1.1')[];

const HTTP_1: Alpn = ['http/1.1'];

/** The options of node:tls for a `Tls`. */
export function tlsOptions({ insecure, ca, cert, key }: Tls): TlsOptions {
  return {
    rejectUnauthorized: !insecure,
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
  };
}

/**
 * Opens a connection to the target, Nagle off: directly, to a proxy that takes absolute URLs (plain HTTP), or through
 * a proxy's tunnel (TLS). Rejects with a `Lost`.
 */
export async function dial({ target, tls, proxy }: Route, signal: AbortSignal, alpn: Alpn = HTTP_1): Promise<Socket> {
  if (proxy === null) return open(target, tls, { through: null, alpn }, signal);
  const toProxy = await open(proxy, tls, { through: null, alpn: HTTP_1 }, signal);
  if (!target.isTls) return toProxy;
  return open(target, tls, { through: await tunnel(proxy, target, toProxy, signal), alpn }, signal);
}

interface How {
  readonly through: Socket | null;
  readonly alpn: Alpn;
}

async function open(to: Target, tls: Tls, { through, alpn }: How, signal: AbortSignal): Promise<Socket> {
  if (signal.aborted) throw refusal(signal.reason, hostOf(to));
  const socket =
    through !== null || to.isTls
      ? secure(to, tls, { through, alpn })
      : connectTcp({ host: to.hostname, port: to.port });
  try {
    await first(socket, to.isTls ? 'secureConnect' : 'connect', signal);
  } catch (error) {
    socket.destroy();
    throw refusal(error, hostOf(to));
  }
  socket.setNoDelay(true);
  return socket;
}

function secure({ hostname, port }: Target, tls: Tls, { through, alpn }: How): Socket {
  return connectTls({
    ...(through === null ? { host: hostname, port } : { socket: through }),
    ...(isIP(hostname) === 0 ? { servername: hostname } : { host: hostname }),
    ALPNProtocols: [...alpn],
    ...tlsOptions(tls),
  });
}

/** Asks a proxy for a tunnel to the target (RFC 9110 section 9.3.6). */
function tunnel(proxy: Target, target: Target, socket: Socket, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(target);
  const authorization = proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      socket.destroy();
      reject(refusal(error, hostOf(proxy)));
    };
    const onAbort = () => fail(signal.reason);
    const done = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
    httpRequest({ method: 'CONNECT', path: host, headers: { host, ...authorization }, createConnection: () => socket })
      .once('close', done)
      .once('error', fail)
      .once('connect', ({ statusCode }) => {
        done();
        if (statusCode === 200) resolve(socket);
        else fail(new Lost('refused', `the proxy answered ${statusCode} to CONNECT ${host}`));
      })
      .end();
  });
}

function first(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const onClose = () => reject(new Lost('refused', 'the connection was closed before it was open'));
    signal.addEventListener('abort', onAbort);
    socket.once('error', reject).once('close', onClose);
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('close', onClose);
      // From here on the connection's owner listens; until it does, an error must not end the process.
      socket.on('error', () => {}).removeListener('error', reject);
      resolve();
    });
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
  });
}

function hostOf({ hostname, port }: Target): string {
  return `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
}
