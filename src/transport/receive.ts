import type { HeaderLine, Response } from '../core/http.js';

/** Gathers a response as its bytes come in, keeping at most so many of the body. */
export interface Receiver {
  readonly head: (status: number, rawHeaders: readonly Buffer[]) => void;
  /** Takes a piece of the body; `false` once more has come than anyone should send. */
  readonly data: (chunk: Buffer) => boolean;
  /** The response so far; `null` before its head. */
  readonly response: () => Response | null;
  /** Bytes of body so far. */
  readonly bytes: () => number;
}

/** More than this many times the bytes kept is no answer any more. */
const PATIENCE = 16;

export function createReceiver(mostBytes: number): Receiver {
  let head: Pick<Response, 'status' | 'headers'> | null = null;
  const chunks: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  return {
    head(status, raw) {
      head = { status, headers: linesOf(raw) };
    },
    data(chunk) {
      bytes += chunk.length;
      const piece = chunk.subarray(0, Math.max(0, mostBytes - kept));
      // undici's chunks are views of a larger buffer, which a kept view would keep alive.
      if (piece.length > 0) chunks.push(Buffer.from(piece));
      kept += piece.length;
      return bytes <= mostBytes * PATIENCE;
    },
    bytes: () => bytes,
    response: () =>
      head === null
        ? null
        : { ...head, ...bodyOf(Buffer.concat(chunks), bytes > kept), bodyBytes: bytes, truncated: bytes > kept },
  };
}

/** The body as text when it is UTF-8, else as base64; a character cut off by the limit does not make it binary. */
function bodyOf(body: Buffer, isCut: boolean): Pick<Response, 'body' | 'bodyEncoding'> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return { body: decoder.decode(body, { stream: isCut }), bodyEncoding: 'utf8' };
  } catch {
    return { body: body.toString('base64'), bodyEncoding: 'base64' };
  }
}

/** Header lines in order, case and repetition as received; bytes beyond ASCII as Latin-1. */
function linesOf(raw: readonly Buffer[]): readonly HeaderLine[] {
  const text = raw.map(bytes => bytes.toString('latin1'));
  return text.flatMap((name, at): readonly HeaderLine[] => (at % 2 === 0 ? [[name, text[at + 1] ?? '']] : []));
}
