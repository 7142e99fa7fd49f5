import type { SentRequest } from '../core/http.js';
import { Lost } from './lost.js';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Lines that frame a message or change its course; what they would say is for this writer alone. */
const OURS = new Set(['transfer-encoding', 'expect', 'upgrade', 'keep-alive']);
/** Methods whose requests have a length even without a body (RFC 9110 section 8.6). */
const WITH_LENGTH = new Set(['POST', 'PUT', 'PATCH']);

/** How a request stands on the wire. */
export interface Layout {
  /** The request target as it stands in the request line. */
  readonly path: string;
  /** Header lines for a proxy, which are no part of the record. */
  readonly proxyHeaders: readonly string[];
  /** Nothing follows on this connection. */
  readonly isLast: boolean;
  /** Goes out as it is, also where it breaks the rules. */
  readonly isVerbatim: boolean;
}

/**
 * A request as bytes of HTTP/1.1, ending with the last byte of its body, or of its header section when it has none.
 * Throws a `Lost` when it cannot be said in HTTP; a verbatim one only when a line of it would be two.
 */
export function requestBytes(request: SentRequest, { path, proxyHeaders, isLast, isVerbatim }: Layout): Buffer {
  const { method, headers, body } = request;
  const complaint = complaintOf(request, isVerbatim);
  if (complaint !== null) throw new Lost('protocol', `not sent: ${complaint}`);
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted);
  const length = Buffer.byteLength(body ?? '');
  const isFramed = has('content-length') || (body === null && !WITH_LENGTH.has(method));
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(has('host') ? [] : [`host: ${new URL(request.url).host}`]),
    `connection: ${isLast ? 'close' : 'keep-alive'}`,
    ...pairs(proxyHeaders).map(([name, value]) => `${name}: ${value}`),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(isFramed ? [] : [`content-length: ${length}`]),
  ];
  return Buffer.concat([...lines.map(line => Buffer.concat([bytesOf(line), CRLF])), CRLF, Buffer.from(body ?? '')]);
}

const CRLF = Buffer.from('\r\n');

/** Why a request cannot be said in HTTP; `null` when it can. */
export function complaintOf({ headers }: Pick<SentRequest, 'headers'>, isVerbatim: boolean): string | null {
  const isOdd = ([name, value]: readonly [string, string]) => !TOKEN.test(name) || !VALUE.test(value);
  const isTwo = ([name, value]: readonly [string, string]) => /[\r\n]/.test(`${name}${value}`);
  const odd = headers.find(isVerbatim ? isTwo : isOdd);
  if (odd !== undefined) return `the header line ${JSON.stringify(odd[0])} cannot stand in a request`;
  if (isVerbatim) return null;
  const own = headers.find(([name]) => OURS.has(name.toLowerCase()));
  if (own !== undefined) return `${own[0]} is not for a request to say`;
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host');
  return hosts.length > 1 ? 'it has two hosts' : null;
}

/** Latin-1 as far as it goes, else UTF-8. */
function bytesOf(line: string): Buffer {
  return Buffer.from(line, /[^\0-\xff]/.test(line) ? 'utf8' : 'latin1');
}

function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  return flat.flatMap((name, at): (readonly [string, string])[] => (at % 2 === 0 ? [[name, flat[at + 1] ?? '']] : []));
}
