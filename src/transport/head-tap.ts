import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Bytes kept of what came; a head and the beginning of a body that should not be there. */
const MOST_BYTES = 256 * 1024;
/** How long a body may lag behind its head when the server keeps the connection open, milliseconds. */
const LINGER_MS = 250;

/** A socket seen through, for HEAD: what stands behind the head of the answer is not lost. */
export interface HeadTap {
  /** What undici reads and writes in place of the socket; its end leaves the socket open. */
  readonly stream: Duplex;
  /** Forgets what has come so far: a new request goes out. */
  readonly rewind: () => void;
  /** The bytes behind the final head, once the server has closed or a moment has passed. */
  readonly surplus: () => Promise<Buffer>;
}

/**
 * Stands between undici and a socket. A client library must stop reading at the head of an answer to HEAD
 * (RFC 9110 section 9.3.2); that bytes came all the same is what a check wants to know.
 */
export function createHeadTap(socket: Socket): HeadTap {
  let seen: Buffer[] = [];
  let bytes = 0;
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    final: done => void socket.end(done),
  });
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) seen.push(chunk);
    if (bytes > MOST_BYTES) socket.pause();
    else if (!stream.destroyed && !stream.push(chunk)) socket.pause();
  });
  socket.on('end', () => void stream.push(null));
  socket.on('error', error => void stream.destroy(error));
  socket.on('close', () => void stream.destroy());
  return {
    stream,
    rewind() {
      seen = [];
      bytes = 0;
    },
    async surplus() {
      socket.resume();
      await ended(socket, () => bytes > MOST_BYTES);
      return behindHead(Buffer.concat(seen));
    },
  };
}

function ended(socket: Socket, isEnough: () => boolean): Promise<void> {
  if (socket.readableEnded || socket.destroyed || isEnough()) return Promise.resolve();
  return new Promise(resolve => {
    const onData = () => void (isEnough() && done());
    const done = () => {
      clearTimeout(timer);
      socket.off('end', done).off('close', done).off('data', onData);
      resolve();
    };
    const timer = setTimeout(done, LINGER_MS);
    socket.on('end', done).on('close', done).on('data', onData);
  });
}

/** What follows the first head that is not an interim one (1xx). */
function behindHead(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return Buffer.alloc(0);
  const rest = bytes.subarray(end + 4);
  return /^HTTP\/1\.[01] 1\d\d/.test(bytes.toString('latin1', 0, 12)) ? behindHead(rest) : rest;
}
