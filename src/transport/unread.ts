import { notHttp } from './lost.js';

/** Most bytes of status line, header lines and trailers. */
const MOST_HEAD_BYTES = 64 * 1024;

/** Bytes that have come and were not read yet. */
export interface Unread {
  readonly add: (chunk: Buffer) => void;
  readonly isEmpty: () => boolean;
  /** So many bytes from the front, or fewer where there are fewer, which stay; as Latin-1. */
  readonly peek: (most: number) => string;
  /** So many bytes from the front, or fewer where there are fewer. */
  readonly take: (most: number) => Buffer;
  /** The next line without its end; `null` until it is whole. Throws a `Lost` for one that is too long or ends badly. */
  readonly line: () => string | null;
  /** The lines to come count anew towards the most bytes of a head. */
  readonly countAnew: () => void;
}

export function createUnread(): Unread {
  let bytes: Buffer = Buffer.alloc(0);
  let headBytes = 0;
  return {
    add(chunk) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    },
    isEmpty: () => bytes.length === 0,
    peek: most => bytes.toString('latin1', 0, most),
    take(most) {
      const piece = bytes.subarray(0, Math.min(most, bytes.length));
      bytes = bytes.subarray(piece.length);
      return piece;
    },
    line() {
      const end = bytes.indexOf(0x0a);
      if (headBytes + (end < 0 ? bytes.length : end + 1) > MOST_HEAD_BYTES) throw notHttp('the head does not end');
      if (end < 0) return null;
      if (bytes[end - 1] !== 0x0d) throw notHttp('a line does not end with CRLF');
      const text = bytes.toString('latin1', 0, end - 1);
      headBytes += end + 1;
      bytes = bytes.subarray(end + 1);
      return text;
    },
    countAnew() {
      headBytes = 0;
    },
  };
}
