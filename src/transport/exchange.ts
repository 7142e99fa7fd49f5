import type { Dispatcher } from 'undici';
import type { SentRequest } from '../core/http.js';
import type { Sync } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import type { Connection } from './connect.js';
import { Lost, lossOf } from './lost.js';
import { createReceiver, type Receiver } from './receive.js';
import type { Follower, Watch } from './watch.js';

/** A server that says 1xx more often than this says nothing. */
const MOST_INTERIM = 16;

/** What one exchange needs beside its connection and request. */
export interface ExchangeOptions {
  /** The request target as it stands in the request line. */
  readonly path: string;
  /** Header lines for a proxy, which are no part of the record. */
  readonly proxyHeaders: readonly string[];
  readonly nowUs: () => number;
  readonly maxBodyBytes: number;
  /** Aborts with a `Lost` as its reason. */
  readonly signal: AbortSignal;
  readonly watch: Watch;
}

/** What moves an exchange on. */
interface Course {
  readonly nowUs: () => number;
  readonly stamps: Stamps;
  readonly end: (loss: Lost | null) => void;
  readonly giveUp: (loss: Lost) => void;
}

type Stamps = { -readonly [Name in 'sentAtUs' | 'writtenAtUs' | 'firstByteAtUs']: Wire[Name] };

/** The record of a request that never went out. */
export function unsent(request: SentRequest, loss: Lost, sync: Sync | null, nowUs: () => number): Wire {
  const times = { sentAtUs: null, writtenAtUs: null, firstByteAtUs: null, endAtUs: nowUs() };
  return { sync, request, response: null, lost: loss.lost, lostDetail: loss.message, ...times };
}

/** Puts one request on a connection, once, the last one there, and gathers what comes of it. Never rejects. */
export function exchange(connection: Connection, request: SentRequest, options: ExchangeOptions): Promise<Wire> {
  const { nowUs, signal, watch } = options;
  const isHead = request.method === 'HEAD';
  const receiver = createReceiver(isHead ? 0 : options.maxBodyBytes);
  const stamps: Stamps = { sentAtUs: null, writtenAtUs: null, firstByteAtUs: null };
  return new Promise(resolve => {
    let isOver = false;
    const end = (loss: Lost | null) => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', onAbort);
      const base = { sync: null, request, ...stamps, endAtUs: nowUs() };
      if (loss !== null) return resolve({ ...base, response: null, ...describedBy(loss, stamps, receiver) });
      const answered = (response: Wire['response']) => resolve({ ...base, response, lost: null, lostDetail: null });
      if (!isHead) return answered(receiver.response());
      void connection.surplus().then(bytes => answered(answerToHead(receiver, bytes, options.maxBodyBytes)));
    };
    const giveUp = (loss: Lost) => {
      end(loss);
      void connection.close();
    };
    const onAbort = () => giveUp(lossOf(signal.reason));
    if (signal.aborted) return end(lossOf(signal.reason));
    signal.addEventListener('abort', onAbort);
    connection.begin();
    const handler = handlerFor(connection, receiver, { nowUs, stamps, end, giveUp });
    const send = () => connection.client.dispatch(dispatchOptions(request, options), handler);
    watch.follow(followerFor(connection, stamps, nowUs), send);
  });
}

function followerFor(connection: Connection, stamps: Stamps, nowUs: () => number): Follower {
  return {
    onSent() {
      stamps.sentAtUs = nowUs();
      connection.wrote();
    },
    onWritten: () => void (stamps.writtenAtUs = nowUs()),
  };
}

function dispatchOptions(
  { method, headers, body }: SentRequest,
  { path, proxyHeaders }: ExchangeOptions,
): Dispatcher.DispatchOptions {
  return { path, method, headers: [...proxyHeaders, ...headers.flat()], body, reset: true };
}

function handlerFor(
  connection: Connection,
  receiver: Receiver,
  { nowUs, stamps, end, giveUp }: Course,
): Dispatcher.DispatchHandler {
  let interim = 0;
  return {
    onRequestStart() {},
    onResponseStart(controller, status) {
      if (status < 200) {
        interim++;
        if (interim > MOST_INTERIM) giveUp(new Lost('protocol', `more than ${MOST_INTERIM} answers of ${status}`));
        return;
      }
      stamps.firstByteAtUs = nowUs();
      receiver.head(status, rawHeadersOf(controller));
    },
    onResponseData(_controller, chunk) {
      if (!receiver.data(chunk)) giveUp(new Lost('protocol', 'the body does not end'));
    },
    onResponseEnd() {
      const fault = connection.fault();
      // A reset at the end of a body without a length is taken for its end by undici.
      end(fault === null ? null : lossOf(fault));
    },
    onResponseError(_controller, error) {
      if (isBodiless(receiver.response()?.status) && isLengthComplaint(error)) return end(null);
      end(stamps.sentAtUs === null ? notSent(error) : lossOf(error, stamps.firstByteAtUs !== null));
    },
  };
}

/** A 204 or 304 ends with its head; a Content-Length in it (RFC 9110 section 8.6) tells of a body elsewhere. */
function isBodiless(status: number | undefined): boolean {
  return status === 204 || status === 304;
}

function isLengthComplaint(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

/** undici refuses what cannot be said in HTTP (a control character in a header) before it writes anything. */
function notSent(error: Error): Lost {
  const loss = lossOf(error);
  return new Lost(loss.lost, `not sent: ${loss.message}`);
}

function describedBy(loss: Lost, stamps: Stamps, receiver: Receiver): Pick<Wire, 'lost' | 'lostDetail'> {
  return { lost: loss.lost, lostDetail: `${loss.message}${progress(stamps, receiver)}` };
}

function progress({ sentAtUs, firstByteAtUs }: Stamps, receiver: Receiver): string {
  if (firstByteAtUs === null) return sentAtUs === null ? '' : ' (no answer)';
  return ` (after status ${receiver.response()?.status} and ${receiver.bytes()} bytes of body)`;
}

function answerToHead(head: Receiver, surplus: Buffer, mostBytes: number): Wire['response'] {
  const response = head.response();
  if (response === null) return null;
  const receiver = createReceiver(mostBytes);
  receiver.head(response.status, []);
  receiver.data(surplus);
  const body = receiver.response();
  return body === null ? response : { ...body, headers: response.headers };
}

function rawHeadersOf({ rawHeaders }: Dispatcher.DispatchController): readonly Buffer[] {
  if (!Array.isArray(rawHeaders)) return [];
  return rawHeaders.map(item => (typeof item === 'string' ? Buffer.from(item, 'latin1') : item));
}
