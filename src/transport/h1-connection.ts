import type { Socket } from 'node:net';

/** Hears of what comes on a connection, in order. */
export interface Listener {
  readonly onData: (chunk: Buffer) => void;
  /** The server ended the connection; an error when it did not do so in order. */
  readonly onEnd: (fault: Error | null) => void;
}

/** A connection of its own for HTTP/1.1, used by one exchange after another. */
export interface H1Connection {
  readonly socket: Socket;
  /** Nothing has ended it, and nothing came that nobody had asked for. */
  readonly isUsable: () => boolean;
  /** Who hears of what comes from now on; `null` = nobody waits for anything. */
  readonly hear: (listener: Listener | null) => void;
  /** What follows cannot be told from what is still to come. */
  readonly spoil: () => void;
  readonly close: () => void;
}

/** Takes an open socket over. */
export function createH1Connection(socket: Socket): H1Connection {
  let current: Listener | null = null;
  let isSpoilt = false;
  let isEnded = false;
  const end = (fault: Error | null) => {
    isEnded = true;
    const listener = current;
    current = null;
    listener?.onEnd(fault);
  };
  socket.on('data', (chunk: Buffer) => {
    if (current === null) isSpoilt = true;
    else current.onData(chunk);
  });
  socket.on('end', () => end(null));
  socket.on('error', end);
  socket.on('close', () => end(null));
  return {
    socket,
    isUsable: () => !isSpoilt && !isEnded && !socket.destroyed && socket.writable,
    hear(listener) {
      current = listener;
    },
    spoil() {
      isSpoilt = true;
    },
    close() {
      isEnded = true;
      current = null;
      socket.destroy();
    },
  };
}
