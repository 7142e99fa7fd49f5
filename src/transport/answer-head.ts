import type { HeaderLine } from '../core/http.js';
import { notHttp } from './lost.js';
import type { Unread } from './unread.js';

/** A server that says 1xx more often than this says nothing. */
const MOST_INTERIM = 16;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** The head of a final answer, its lines as Latin-1. */
export interface Head {
  /** The 1 of HTTP/1.1, or the 0 of HTTP/1.0. */
  readonly minor: string;
  readonly status: number;
  readonly lines: readonly HeaderLine[];
}

/** Reads status line and header lines; interim answers are passed over. */
export interface HeadReader {
  /** Reads as far as the bytes go; `null` until the head of the final answer is whole. Throws a `Lost` for no HTTP. */
  readonly read: () => Head | null;
  /** Nothing of an answer has been read, or nothing since the last interim one. */
  readonly isAtStart: () => boolean;
}

export function createHeadReader(unread: Unread, onInterim: () => void): HeadReader {
  let start: Omit<Head, 'lines'> | null = null;
  let lines: HeaderLine[] = [];
  let interim = 0;

  function passOver(status: number): void {
    interim++;
    if (interim > MOST_INTERIM) throw notHttp(`more than ${MOST_INTERIM} answers of ${status}`);
    unread.countAnew();
    start = null;
    lines = [];
    onInterim();
  }

  return {
    read() {
      while (!unread.isEmpty()) {
        if (start === null && !'HTTP/1.'.startsWith(unread.peek(7))) throw notHttp('it does not begin with HTTP/1');
        const text = unread.line();
        if (text === null) return null;
        if (start === null) start = statusLine(text);
        else if (text !== '') lines.push(headerLine(text));
        else if (start.status < 200) passOver(start.status);
        else return { ...start, lines };
      }
      return null;
    },
    isAtStart: () => start === null,
  };
}

function statusLine(text: string): Omit<Head, 'lines'> {
  const [, minor, code] = STATUS_LINE.exec(text) ?? [];
  if (minor === undefined || code === undefined) throw notHttp(`status line ${quoted(text)}`);
  if (code === '101') throw notHttp('101 that nobody asked for');
  return { minor, status: Number(code) };
}

function headerLine(text: string): HeaderLine {
  const [, name, value] = HEADER_LINE.exec(text) ?? [];
  if (name === undefined || value === undefined) throw notHttp(`header line ${quoted(text)}`);
  return [name, value.replace(/[ \t]+$/, '')];
}

/** Whether a line could stand among header lines or trailers. */
export function isHeaderLine(text: string): boolean {
  return HEADER_LINE.test(text);
}

/** A line for a message, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
