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
  const life = new AbortController();
  const wire: { socket: Socket; tap: HeadTap | null; fault: Error | null } = {
    socket: await dial(route, signal),
    tap: null,
    fault: null,
  };
  let isTaken = false;
  let isWritten = false;
  const adopt = (socket: Socket) => {
    wire.socket = socket;
    wire.fault = null;
    socket.on('error', error => (wire.fault = error));
    wire.tap = isHead ? createHeadTap(socket) : null;
  };
  /**
   * undici comes back for another socket when the first has died, and would then send its queue again: a request of
   * which a byte is out never goes out twice, so that it gets none.
   */
  const hand = async (done: buildConnector.Callback) => {
    const isFresh = !isTaken && !wire.socket.destroyed;
    isTaken = true;
    try {
      if (isWritten) throw new Lost('reset', 'the connection was closed by the server');
      if (!isFresh) adopt(await dial(route, life.signal));
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)), null);
    }
    // undici needs no more of a socket than a Duplex has.
    done(null, (wire.tap?.stream ?? wire.socket) as Socket);
  };
  adopt(wire.socket);
  const client = new Client(route.target.origin, {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MOST_HEADER_BYTES,
    // A synchronous answer would re-enter the client's queue and hang it.
    connect: (_options, done) => void setImmediate(() => void hand(done)),
  });
  return {
    client,
    isUsable: () =>
      !wire.socket.destroyed &&
      !wire.socket.readableEnded &&
      wire.socket.writable &&
      wire.tap?.stream.destroyed !== true,
    begin() {
      isWritten = false;
      wire.tap?.rewind();
    },
    wrote: () => void (isWritten = true),
    fault: () => wire.fault,
    surplus: async () => (wire.tap === null ? Buffer.alloc(0) : wire.tap.surplus()),
    async close() {
      life.abort(new Lost('aborted', 'the connection was given up'));
      await client.destroy();
      wire.socket.destroy();
    },
  };
}
