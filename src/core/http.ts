import type { Sync } from './sync.js';

/** A request method the tool sends. */
export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One header line as it stands on the wire: order, case and repetition are kept. */
export type HeaderLine = readonly [name: string, value: string];

/** What a check wants sent: path and query relative to the target's URL, body bytes already fixed as text. */
export interface Request {
  readonly method: Method;
  readonly path: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string | null;
  /** Goes out byte for byte, even where a client library would refuse or normalise it (an empty key, a line twice). */
  readonly verbatim?: boolean;
}

/** A request as it went out: absolute URL, every header line the tool set. */
export interface SentRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string | null;
}

/** A response as received, undecoded. `body` holds at most what the transport keeps; `bodyBytes` counts all of it. */
export interface Response {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
  readonly bodyEncoding: 'utf8' | 'base64';
  readonly bodyBytes: number;
  readonly truncated: boolean;
}

/** Why no complete response came. `aborted`: the run itself gave the request up (interrupt, budget). */
export type LostReason = 'timeout' | 'refused' | 'reset' | 'protocol' | 'aborted';

/**
 * Over how many sessions a release by HTTP/2 goes: on `one` all requests arrive in one packet, whatever the way is like;
 * `several` also reach other processes behind the address.
 */
export type Sessions = 'one' | 'several';

/**
 * Where a request is given up by the client: once its last byte was written, half-way through the operation's usual
 * latency, or when the response head has arrived.
 */
export type Cut = 'written' | 'half-way' | 'head';

/**
 * One request put on the wire once, and what came of it. Times are microseconds since the run began, read at the
 * socket: `sentAtUs` first byte handed over, `writtenAtUs` last byte handed over, `firstByteAtUs` response head
 * received, `endAtUs` response complete or lost. `null` = never reached.
 */
export interface Exchange {
  readonly n: number;
  readonly step: string;
  readonly attempt: number;
  readonly round: number;
  readonly lane: number;
  /** How it was released together with others; `null` outside a race. */
  readonly sync: Sync | null;
  readonly request: SentRequest;
  readonly response: Response | null;
  readonly lost: LostReason | null;
  readonly lostDetail: string | null;
  readonly sentAtUs: number | null;
  readonly writtenAtUs: number | null;
  readonly firstByteAtUs: number | null;
  readonly endAtUs: number;
  /**
   * Answered, or ended by the server, before the release of its race: the last byte was withheld for good, and the
   * round proves no safety. Absent = no.
   */
  readonly early?: boolean;
}

/** An exchange that was answered. */
export type Answered = Exchange & { readonly response: Response };

/** Whether a complete response came. */
export function isAnswered(exchange: Exchange): exchange is Answered {
  return exchange.response !== null && exchange.lost === null;
}

/** Whether a complete 2xx response came. */
export function isSuccess(exchange: Exchange): exchange is Answered {
  return isAnswered(exchange) && exchange.response.status >= 200 && exchange.response.status < 300;
}

/**
 * The status, or `null` for an exchange without an answer. A refusal from before the last byte was sent answers no
 * whole request.
 */
export function statusOf(exchange: Exchange | undefined): number | null {
  if (exchange === undefined || !isAnswered(exchange)) return null;
  const { status } = exchange.response;
  return exchange.early === true && status >= 400 ? null : status;
}

/** First value of a header, by case-insensitive name. */
export function header(message: { readonly headers: readonly HeaderLine[] }, name: string): string | null {
  const wanted = name.toLowerCase();
  return message.headers.find(([key]) => key.toLowerCase() === wanted)?.[1] ?? null;
}

/** The same request with one header set, in place of any line of that name. */
export function withHeader<R extends { readonly headers: readonly HeaderLine[] }>(
  request: R,
  name: string,
  value: string,
): R {
  const wanted = name.toLowerCase();
  return { ...request, headers: [...request.headers.filter(([key]) => key.toLowerCase() !== wanted), [name, value]] };
}

/** Whether a status says that the server, or something before it, never got to the operation (429, 502, 503, 504). */
export function isVoid(status: number, allowed: readonly number[] = []): boolean {
  return (status === 429 || status === 502 || status === 503 || status === 504) && !allowed.includes(status);
}
