import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Client, Dispatcher } from 'undici';
import type { LostReason, SentRequest, Sync } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import { createReceiver, lossOf } from './receive.js';

/** What one exchange needs beside its request. */
export interface ExchangeOptions {
  readonly nowUs: () => number;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly sync: Sync | null;
  readonly signal: AbortSignal;
  /** Bytes that came after the head of an answer to HEAD; read once the exchange is over. */
  readonly surplus: () => Buffer;
}

interface Stamps {
  sentAtUs: number | null;
  writtenAtUs: number | null;
  firstByteAtUs: number | null;
}

/**
 * Puts one request on a client's connection, once, and gathers what comes of it. The times are those of undici's
 * diagnostics channels, which fire as bytes are handed to the socket. Never rejects.
 */
export function exchange(client: Client, request: SentRequest, options: ExchangeOptions): Promise<Wire> {
  const { nowUs, sync, signal } = options;
  const receiver = createReceiver(options.maxBodyBytes);
  const stamps: Stamps = { sentAtUs: null, writtenAtUs: null, firstByteAtUs: null };
  return new Promise(resolve => {
    let isOver = false;
    let forget = () => {};
    const finish = (lost: LostReason | null, detail: string | null) => {
      if (isOver) return;
      isOver = true;
      forget();
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      const response = lost === null ? withSurplus(receiver.response(), request, options.surplus()) : null;
      resolve({ sync, request, response, lost, lostDetail: detail, ...stamps, endAtUs: nowUs() });
    };
    const give = (lost: LostReason, detail: string) => {
      finish(lost, detail);
      client.destroy().catch(() => {});
    };
    const onAbort = () => give('aborted', 'the run gave the request up');
    const timer = setTimeout(
      () => give('timeout', `no complete answer within ${options.timeoutMs} ms`),
      options.timeoutMs,
    );
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) return onAbort();

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(controller, status) {
        if (status < 200) return;
        stamps.firstByteAtUs ??= nowUs();
        receiver.head(status, rawHeadersOf(controller));
      },
      onResponseData(_controller, chunk) {
        if (!receiver.data(chunk)) give('protocol', `more than ${receiver.bytes()} bytes of body`);
      },
      onResponseEnd: () => finish(null, null),
      onResponseError(_controller, error) {
        if (isBodiless(receiver.response()?.status) && isLengthComplaint(error)) return finish(null, null);
        const { lost, detail } = lossOf(error);
        const cut = stamps.firstByteAtUs === null ? '' : ` (cut off after ${receiver.bytes()} bytes of body)`;
        finish(lost, `${detail}${cut}`);
      },
    };
    forget = watch(stamps, nowUs, () => dispatch(client, request, handler, give));
  });
}

function dispatch(
  client: Client,
  request: SentRequest,
  handler: Dispatcher.DispatchHandler,
  give: (lost: LostReason, detail: string) => void,
): void {
  const { pathname, search } = new URL(request.url);
  try {
    client.dispatch(
      {
        path: `${pathname}${search}`,
        method: request.method,
        headers: request.headers.flatMap(([name, value]) => [name, value]),
        body: request.body,
      },
      handler,
    );
  } catch (error) {
    give('protocol', `not sent: ${lossOf(error).detail}`);
  }
}

/** Follows the request that `send` creates on undici's channels; they are process-wide, hence the comparison. */
function watch(stamps: Stamps, nowUs: () => number, send: () => void): () => void {
  let mine: unknown = null;
  const onCreate = (message: unknown) => (mine ??= requestIn(message));
  const onHeaders = (message: unknown) => requestIn(message) === mine && (stamps.sentAtUs ??= nowUs());
  const onBody = (message: unknown) => requestIn(message) === mine && (stamps.writtenAtUs = nowUs());
  const [create, headers, body] = ['undici:request:create', 'undici:client:sendHeaders', 'undici:request:bodySent'].map(
    name => channel(name),
  );
  const created = (message: unknown) => void onCreate(message);
  const sentHeaders = (message: unknown) => {
    onHeaders(message);
    if (requestIn(message) === mine) stamps.writtenAtUs ??= stamps.sentAtUs;
  };
  const sentBody = (message: unknown) => void onBody(message);
  create?.subscribe(created);
  headers?.subscribe(sentHeaders);
  body?.subscribe(sentBody);
  send();
  create?.unsubscribe(created);
  return () => {
    headers?.unsubscribe(sentHeaders);
    body?.unsubscribe(sentBody);
  };
}

function requestIn(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'request' in message ? message.request : null;
}

/** A 204 or 304 ends with its head; a Content-Length in it (RFC 9110 section 8.6) tells of a body elsewhere. */
function isBodiless(status: number | undefined): boolean {
  return status === 204 || status === 304;
}

function isLengthComplaint(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

function rawHeadersOf(controller: Dispatcher.DispatchController): readonly Buffer[] {
  const raw: unknown = 'rawHeaders' in controller ? controller.rawHeaders : [];
  return Array.isArray(raw)
    ? raw.map(item => (Buffer.isBuffer(item) ? item : Buffer.from(String(item), 'latin1')))
    : [];
}

function withSurplus(response: Wire['response'], request: SentRequest, surplus: Buffer): Wire['response'] {
  if (response === null || request.method !== 'HEAD' || surplus.length === 0) return response;
  return { ...response, body: surplus.toString('latin1').slice(0, 1024), bodyBytes: surplus.length };
}

/**
 * Listens to what a socket reads, for HEAD: a client library drops bytes after the head of such an answer, but that
 * they came is the finding. Hands back what stood behind the first head so far.
 */
export function tapSurplus(socket: Socket): () => Buffer {
  let seen = Buffer.alloc(0);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (Buffer.isBuffer(chunk) && seen.length < 65_536) seen = Buffer.concat([seen, chunk]);
    return chunk;
  };
  return () => {
    const end = seen.indexOf('\r\n\r\n');
    return end < 0 ? Buffer.alloc(0) : seen.subarray(end + 4);
  };
}
