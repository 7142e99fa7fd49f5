import type { Socket } from 'node:net';
import { Client, type buildConnector } from 'undici';
import { dial, type Route } from './dial.js';
import { createHeadTap, type HeadTap } from './head-tap.js';
import { Lost } from './lost.js';

/** Most bytes of header lines in an answer. */
const MOST_HEADER_BYTES = 64 * 1024;

/** One connection of its own, with a client that can use no other. */
export interface Connection {
  readonly client: Client;
  /** Whether a request handed over now would go out on the socket that was opened. */
  readonly isUsable: () => boolean;
  /** A new request: until a byte of it is out, a socket that died may still be replaced. */
  readonly begin: () => void;
  /** From now on a socket that dies is a lost answer. */
  readonly wrote: () => void;
  /** The socket's own error, which undici does not always tell. */
  readonly fault: () => Error | null;
  /** Bytes behind the head of the answer to HEAD. */
  readonly surplus: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

/** Opens a connection, for an answer to HEAD with a tap on it. Rejects with a `Lost`. */
export async function openConnection(route: Route, isHead: boolean, signal: AbortSignal): Promise<Connection> {
  const sockets = createSupply(route, await dial(route, signal), isHead);
  const client = new Client(route.target.origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MOST_HEADER_BYTES,
    // A synchronous answer would re-enter the client's queue and hang it.
    connect: (_options, done) => void setImmediate(() => void sockets.hand(done)),
  });
  return {
    client,
    isUsable() {
      const { socket, tap } = sockets.current();
      return !socket.destroyed && !socket.readableEnded && socket.writable && tap?.stream.destroyed !== true;
    },
    begin: sockets.begin,
    wrote: sockets.wrote,
    fault: () => sockets.current().fault,
    async surplus() {
      const { tap } = sockets.current();
      return tap === null ? Buffer.alloc(0) : tap.surplus();
    },
    async close() {
      sockets.stop();
      await client.destroy();
      sockets.current().socket.destroy();
    },
  };
}

/** A socket in use, with what goes with it. */
interface Supplied {
  readonly socket: Socket;
  tap: HeadTap | null;
  fault: Error | null;
}

/** The sockets a client gets: the one that was opened, and others in its place as long as nothing is written. */
interface Supply {
  readonly current: () => Supplied;
  readonly begin: () => void;
  readonly wrote: () => void;
  readonly hand: (done: buildConnector.Callback) => Promise<void>;
  /** Nothing is opened any more. */
  readonly stop: () => void;
}

function createSupply(route: Route, first: Socket, isHead: boolean): Supply {
  const life = new AbortController();
  let isTaken = false;
  let isWritten = false;
  let current = adopted(first, isHead);

  async function next(): Promise<Supplied> {
    const isFresh = !isTaken && !current.socket.destroyed;
    isTaken = true;
    if (isWritten) throw new Lost('reset', 'the connection was closed by the server');
    if (!isFresh) current = adopted(await dial(route, life.signal), isHead);
    return current;
  }

  return {
    current: () => current,
    begin() {
      isWritten = false;
      current.tap?.rewind();
    },
    wrote() {
      isWritten = true;
    },
    /**
     * undici comes back for another socket when the first has died, and would then send its queue again: a request of
     * which a byte is out never goes out twice, so that it gets none.
     */
    async hand(done) {
      let supplied: Supplied;
      try {
        supplied = await next();
      } catch (error) {
        return done(error instanceof Error ? error : new Error(String(error)), null);
      }
      // undici needs no more of a socket than a Duplex has.
      done(null, (supplied.tap?.stream ?? supplied.socket) as Socket);
    },
    stop: () => life.abort(new Lost('aborted', 'the connection was given up')),
  };
}

function adopted(socket: Socket, isHead: boolean): Supplied {
  const supplied: Supplied = { socket, tap: null, fault: null };
  socket.on('error', error => (supplied.fault = error));
  if (isHead) supplied.tap = createHeadTap(socket);
  return supplied;
}
