import type { Framing } from './answer-framing.js';
import { isHeaderLine, quoted } from './answer-head.js';
import { Lost, notHttp } from './lost.js';
import type { Receiver } from './receive.js';
import type { Unread } from './unread.js';

/** Bytes behind the head of an answer to HEAD; after more of them nobody waits for an end. */
const MOST_SURPLUS_BYTES = 256 * 1024;

const CHUNK_LINE = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** The body of an answer as its bytes come in. */
export interface AnswerBody {
  /** Takes the next piece; `false` when more bytes are needed for it, or none any more. Throws a `Lost` for no HTTP. */
  readonly step: () => boolean;
  readonly isComplete: () => boolean;
  /** The server ends the connection, which completes a body that ends so. */
  readonly close: () => void;
}

/** The body that is framed like this; what it holds goes to the receiver. */
export function createAnswerBody(framing: Framing, unread: Unread, receiver: Receiver): AnswerBody {
  /** Hands so many bytes on, or as many as there are. */
  const pass = (most: number): number => {
    const piece = unread.take(most);
    if (piece.length > 0 && !receiver.data(piece)) throw new Lost('protocol', 'the body does not end');
    return piece.length;
  };
  switch (framing.kind) {
    case 'none':
      return sized(0, pass);
    case 'length':
      return sized(framing.bytes, pass);
    case 'chunked':
      return chunked(unread, pass);
    case 'until-close':
      return openEnded(() => {
        pass(Infinity);
        return false;
      });
    case 'head-only':
      return openEnded(() => {
        receiver.data(unread.take(Infinity));
        return receiver.bytes() > MOST_SURPLUS_BYTES;
      });
  }
}

function sized(bytes: number, pass: (most: number) => number): AnswerBody {
  let left = bytes;
  return {
    step() {
      if (left === 0) return false;
      left -= pass(left);
      return true;
    },
    isComplete: () => left === 0,
    close: () => {},
  };
}

/** A body that the end of the connection ends; `take` says whether enough has come of it. */
function openEnded(take: () => boolean): AnswerBody {
  let isOver = false;
  return {
    step() {
      if (isOver) return false;
      isOver = take();
      return true;
    },
    isComplete: () => isOver,
    close() {
      isOver = true;
    },
  };
}

/** Chunks and trailers (RFC 9112 section 7.1). */
function chunked(unread: Unread, pass: (most: number) => number): AnswerBody {
  let at: 'size' | 'data' | 'end' | 'trailers' | 'over' = 'size';
  let left = 0;

  function readSize(): boolean {
    unread.countAnew();
    const text = unread.line();
    if (text === null) return false;
    const [, size] = CHUNK_LINE.exec(text) ?? [];
    if (size === undefined) throw notHttp(`chunk size ${quoted(text)}`);
    left = Number.parseInt(size, 16);
    at = left === 0 ? 'trailers' : 'data';
    unread.countAnew();
    return true;
  }

  function readData(): boolean {
    left -= pass(left);
    if (left === 0) at = 'end';
    return true;
  }

  function readEnd(): boolean {
    const end = unread.peek(2);
    if (end.length < 2) return false;
    if (end !== '\r\n') throw notHttp('a chunk is longer than it says');
    unread.take(2);
    at = 'size';
    return true;
  }

  function readTrailer(): boolean {
    const text = unread.line();
    if (text === null) return false;
    if (text === '') at = 'over';
    else if (!isHeaderLine(text)) throw notHttp(`trailer ${quoted(text)}`);
    return true;
  }

  const read = { size: readSize, data: readData, end: readEnd, trailers: readTrailer, over: () => false };
  return { step: () => read[at](), isComplete: () => at === 'over', close: () => {} };
}
