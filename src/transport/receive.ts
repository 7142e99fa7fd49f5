import { isUtf8 } from 'node:buffer';
import type { HeaderLine, LostReason, Response } from '../core/http.js';

/** Gathers a response as its bytes come in, keeping at most so many of the body. */
export interface Receiver {
  readonly head: (status: number, rawHeaders: readonly Buffer[]) => void;
  /** Takes a piece of the body; `false` once more has come than anyone should send. */
  readonly data: (chunk: Buffer) => boolean;
  /** The response so far; `null` before its head. */
  readonly response: () => Response | null;
  readonly bytes: () => number;
}

/** More than this many times the bytes kept is no answer any more. */
const PATIENCE = 16;

export function createReceiver(mostBytes: number): Receiver {
  let status = 0;
  let headers: readonly HeaderLine[] = [];
  const chunks: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  return {
    head(code, raw) {
      status = code;
      headers = linesOf(raw);
    },
    data(chunk) {
      bytes += chunk.length;
      const piece = chunk.subarray(0, Math.max(0, mostBytes - kept));
      if (piece.length > 0) chunks.push(Buffer.from(piece));
      kept += piece.length;
      return bytes <= mostBytes * PATIENCE;
    },
    bytes: () => bytes,
    response() {
      if (status === 0) return null;
      const body = Buffer.concat(chunks);
      const isText = isUtf8(body);
      return {
        status,
        headers,
        body: body.toString(isText ? 'utf8' : 'base64'),
        bodyEncoding: isText ? 'utf8' : 'base64',
        bodyBytes: bytes,
        truncated: bytes > kept,
      };
    },
  };
}

function linesOf(raw: readonly Buffer[]): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    lines.push([String(raw[at]?.toString('latin1')), String(raw[at + 1]?.toString('latin1'))]);
  }
  return lines;
}

/** What an error of the network amounts to. */
export function lossOf(error: unknown): { readonly lost: LostReason; readonly detail: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const detail = error instanceof Error ? error.message || code : String(error);
  const isUnparsed = error instanceof Error && error.name === 'HTTPParserError';
  return { lost: isUnparsed ? 'protocol' : reasonOf(code, detail), detail };
}

function reasonOf(code: string, detail: string): LostReason {
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout';
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'refused';
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code)) return 'refused';
  if (/^HPE_|HEADERS_OVERFLOW|INVALID_ARG|RES_CONTENT_LENGTH|RES_EXCEEDED|UND_ERR_REQ/.test(code)) return 'protocol';
  return /Parse Error|invalid header/i.test(detail) ? 'protocol' : 'reset';
}
