import type { ClientHttp2Session } from 'node:http2';
import { dial } from './dial.js';
import { Lost, refusal } from './lost.js';
import type { Wiring } from './wiring.js';

/** A server that does not answer a PING is not waited for any longer, milliseconds. */
const PING_MS = 1000;

/** One connection of its own for HTTP/2. */
export interface H2Session {
  readonly session: ClientHttp2Session;
  /** Streams the server bears at a time. */
  readonly capacity: number;
  readonly isUsable: () => boolean;
  /** Resolves once the server has read everything that was written, or is not to be waited for. */
  readonly caughtUp: (signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** Whether HTTP/2 can be asked for at all: by ALPN behind TLS, or straight to a target that is known to speak it. */
export async function speaksH2(wiring: Wiring, h2c: boolean, signal: AbortSignal): Promise<boolean> {
  const { route, isRelayed } = wiring;
  if (!route.target.isTls) return h2c && !isRelayed && (await answersH2(wiring, signal));
  const socket = await dial(route, signal, ['h2', 'http/1.1']);
  const isH2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
  socket.destroy();
  return isH2;
}

async function answersH2(wiring: Wiring, signal: AbortSignal): Promise<boolean> {
  const { close } = await openH2(wiring, signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return { close: null };
  });
  close?.();
  return close !== null;
}

/** Opens a session and waits for what the server says of itself. Rejects with a `Lost`. */
export async function openH2({ route }: Wiring, signal: AbortSignal): Promise<H2Session> {
  const { connect } = await import('node:http2');
  const socket = await dial(route, signal, ['h2']);
  if (route.target.isTls && !('alpnProtocol' in socket && socket.alpnProtocol === 'h2')) {
    socket.destroy();
    throw new Lost('refused', 'the server does not offer HTTP/2 (ALPN)');
  }
  const session = connect(route.target.origin, {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  // What ends a session is told by its streams.
  session.on('error', () => {});
  try {
    await greeted(session, signal);
  } catch (error) {
    session.destroy();
    throw refusal(error, route.target.origin);
  }
  return {
    session,
    capacity: session.remoteSettings.maxConcurrentStreams ?? Infinity,
    isUsable: () => !session.closed && !session.destroyed,
    caughtUp: given => caughtUp(session, given),
    close: () => session.destroy(),
  };
}

function greeted(session: ClientHttp2Session, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const done = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    session.once('remoteSettings', () => resolve(done()));
    session.once('error', error => reject((done(), error)));
    session.once('close', () => reject((done(), new Lost('refused', 'the server does not speak HTTP/2'))));
  });
}

/** A PING behind the rest: its answer says that the rest was read (RFC 9113 section 6.7). */
function caughtUp(session: ClientHttp2Session, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      session.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, PING_MS);
    if (signal.aborted || session.destroyed) return done();
    signal.addEventListener('abort', done);
    session.once('close', done);
    if (!session.ping(done)) done();
  });
}
