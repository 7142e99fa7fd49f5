import type { Response } from '../core/http.js';
import { Lost } from './lost.js';
import { createReceiver } from './receive.js';

/** Most bytes of status line, header lines and trailers. */
const MOST_HEAD_BYTES = 64 * 1024;
/** A server that says 1xx more often than this says nothing. */
const MOST_INTERIM = 16;
/** Bytes behind the head of an answer to HEAD; after more of them nobody waits for an end. */
const MOST_SURPLUS_BYTES = 256 * 1024;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;
const CHUNK_LINE = /^([0-9A-Fa-f]{1,13})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;

/** Reads the answer to one request of HTTP/1.1 or 1.0 as its bytes come in (RFC 9112 sections 4 to 7). */
export interface AnswerReader {
  /** Takes bytes as they come; throws a `Lost` for what is no HTTP. */
  readonly push: (chunk: Buffer) => void;
  /** The server ends the connection; throws a `Lost` unless that completes the answer. */
  readonly finish: () => void;
  readonly isComplete: () => boolean;
  /** The final head is in. */
  readonly hasHead: () => boolean;
  /** The head is the whole answer, but bytes behind it are still of interest (HEAD). */
  readonly isLingering: () => boolean;
  /** The answer so far; `null` before its head. */
  readonly response: () => Response | null;
  /** Bytes of body so far. */
  readonly bytes: () => number;
  /** Whether the server keeps the connection open, and nothing stands behind the answer. */
  readonly canGoOn: () => boolean;
}

type State = 'status' | 'headers' | 'length' | 'until-close' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'head-only' | 'done'; // prettier-ignore

/** What is told of an answer while it is read. */
export interface AnswerEvents {
  /** The first byte of an answer is in. */
  readonly onBegin: () => void;
  /** It was an interim one (1xx), and is passed over. */
  readonly onInterim: () => void;
}

export function createAnswerReader(isHead: boolean, mostBodyBytes: number, events: AnswerEvents): AnswerReader {
  const receiver = createReceiver(mostBodyBytes);
  let state: State = 'status';
  let rest: Buffer = Buffer.alloc(0);
  let headBytes = 0;
  let interim = 0;
  let version = '1';
  let status = 0;
  let lines: (readonly [string, string])[] = [];
  let left = 0;
  let isKept = true;

  /** The next line without its end; `null` until it is whole. */
  function line(): string | null {
    const end = rest.indexOf(0x0a);
    if (headBytes + (end < 0 ? rest.length : end + 1) > MOST_HEAD_BYTES) throw bad('the head does not end');
    if (end < 0) return null;
    if (rest[end - 1] !== 0x0d) throw bad('a line does not end with CRLF');
    const text = rest.toString('latin1', 0, end - 1);
    headBytes += end + 1;
    rest = rest.subarray(end + 1);
    return text;
  }

  function nextAnswer(): void {
    headBytes = 0;
    lines = [];
    state = 'status';
    events.onInterim();
    if (rest.length > 0) events.onBegin();
  }

  function readStatus(): boolean {
    const start = rest.toString('latin1', 0, 7);
    if (!'HTTP/1.'.startsWith(start)) throw bad('it does not begin with HTTP/1');
    const text = line();
    if (text === null) return false;
    const [, minor, code] = STATUS_LINE.exec(text) ?? [];
    if (minor === undefined || code === undefined) throw bad(`status line ${JSON.stringify(text.slice(0, 80))}`);
    version = minor;
    status = Number(code);
    if (status === 101) throw bad('101 that nobody asked for');
    state = 'headers';
    return true;
  }

  function readHeaders(): boolean {
    const text = line();
    if (text === null) return false;
    if (text !== '') {
      const [, name, value] = HEADER_LINE.exec(text) ?? [];
      if (name === undefined || value === undefined) throw bad(`header line ${JSON.stringify(text.slice(0, 80))}`);
      lines.push([name, value.replace(/[ \t]+$/, '')]);
      return true;
    }
    if (status < 200) {
      interim++;
      if (interim > MOST_INTERIM) throw bad(`more than ${MOST_INTERIM} answers of ${status}`);
      nextAnswer();
      return true;
    }
    state = framed();
    receiver.head(status, lines.flat().map(item => Buffer.from(item, 'latin1'))); // prettier-ignore
    return true;
  }

  function values(wanted: string): readonly string[] {
    return lines.flatMap(([name, value]) =>
      name.toLowerCase() === wanted ? value.split(',').map(one => one.trim().toLowerCase()) : [],
    );
  }

  /** How the body ends (RFC 9112 section 6.3). */
  function framed(): State {
    const [codings, lengths, connection] = [values('transfer-encoding'), values('content-length'), values('connection')]; // prettier-ignore
    isKept = version === '1' ? !connection.includes('close') : connection.includes('keep-alive');
    if (codings.length > 0 && lengths.length > 0) throw bad('Content-Length beside Transfer-Encoding');
    if (new Set(lengths).size > 1) throw bad('two different Content-Lengths');
    const [length] = lengths;
    if (length !== undefined && !/^\d{1,15}$/.test(length)) throw bad(`Content-Length ${JSON.stringify(length)}`);
    if (isHead) return 'head-only';
    if (status === 204 || status === 304) return 'done';
    if (codings.length > 0) {
      if (codings.at(-1) === 'chunked' && version === '1') return 'chunk-size';
      return untilClose();
    }
    if (length === undefined) return untilClose();
    left = Number(length);
    return left === 0 ? 'done' : 'length';
  }

  function untilClose(): State {
    isKept = false;
    return 'until-close';
  }

  function body(most: number): number {
    const piece = rest.subarray(0, Math.min(most, rest.length));
    rest = rest.subarray(piece.length);
    if (piece.length > 0 && !receiver.data(piece) && !isHead) throw new Lost('protocol', 'the body does not end');
    return piece.length;
  }

  function readChunkSize(): boolean {
    headBytes = 0;
    const text = line();
    if (text === null) return false;
    const [, size] = CHUNK_LINE.exec(text) ?? [];
    if (size === undefined) throw bad(`chunk size ${JSON.stringify(text.slice(0, 80))}`);
    left = Number.parseInt(size, 16);
    state = left === 0 ? 'trailers' : 'chunk';
    headBytes = 0;
    return true;
  }

  function readTrailer(): boolean {
    const text = line();
    if (text === null) return false;
    if (text === '') state = 'done';
    else if (!HEADER_LINE.test(text)) throw bad(`trailer ${JSON.stringify(text.slice(0, 80))}`);
    return true;
  }

  function readChunkEnd(): boolean {
    if (rest.length < 2) return false;
    if (rest[0] !== 0x0d || rest[1] !== 0x0a) throw bad('a chunk is longer than it says');
    rest = rest.subarray(2);
    state = 'chunk-size';
    return true;
  }

  /** Takes the next piece; `false` when more bytes are needed for it. */
  function step(): boolean {
    switch (state) {
      case 'status':
        return readStatus();
      case 'headers':
        return readHeaders();
      case 'chunk-size':
        return readChunkSize();
      case 'chunk-end':
        return readChunkEnd();
      case 'trailers':
        return readTrailer();
      case 'length':
      case 'chunk':
        left -= body(left);
        if (left === 0) state = state === 'length' ? 'done' : 'chunk-end';
        return true;
      case 'until-close':
      case 'head-only':
        body(Infinity);
        if (state === 'head-only' && receiver.bytes() > MOST_SURPLUS_BYTES) state = 'done';
        return true;
      case 'done':
        return false;
    }
  }

  return {
    push(chunk) {
      if (state === 'status' && rest.length === 0) events.onBegin();
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length > 0 && step());
    },
    finish() {
      if (state === 'until-close' || state === 'head-only') state = 'done';
      if (state !== 'done') throw new Lost('reset', 'the connection was closed by the server');
    },
    isComplete: () => state === 'done',
    hasHead: () => receiver.response() !== null,
    isLingering: () => state === 'head-only',
    response: receiver.response,
    bytes: receiver.bytes,
    canGoOn: () => isKept && rest.length === 0,
  };
}

function bad(what: string): Lost {
  return new Lost('protocol', `the answer is no HTTP: ${what}`);
}
