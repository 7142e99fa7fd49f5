import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2';
import type { SentRequest } from '../core/http.js';
import type { Sync } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import { createCourse } from './course.js';
import { Lost, lossOf } from './lost.js';
import { createReceiver } from './receive.js';
import { complaintOf } from './request-bytes.js';

/** Lines that belong to a connection of HTTP/1.1 (RFC 9113 section 8.2.2). */
const CONNECTION_LINES = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'host']); // prettier-ignore

/** One exchange on a stream, its request handed over in one piece or two. */
export interface H2Exchange {
  /** Hands over the body but for its last byte; resolves once it is out, or the exchange is over. */
  readonly hold: () => Promise<void>;
  /** Hands over what is left, with the end of the stream, unless the server was faster. */
  readonly release: () => void;
  /** Never rejects. */
  readonly wire: Promise<Wire>;
}

export interface H2ExchangeOptions {
  readonly path: string;
  readonly sync: Sync | null;
  readonly nowUs: () => number;
  readonly maxBodyBytes: number;
  /** Aborts with a `Lost` as its reason. */
  readonly signal: AbortSignal;
}

/** Opens a stream: the header fields are handed over at once. Throws a `Lost` when HTTP/2 cannot say the request. */
export function beginH2Exchange(
  session: ClientHttp2Session,
  request: SentRequest,
  options: H2ExchangeOptions,
): H2Exchange {
  const { sync, nowUs, signal, maxBodyBytes } = options;
  const fields = fieldsOf(request, options.path);
  const receiver = createReceiver(maxBodyBytes);
  const stream = streamOf(session, fields);
  const course = createCourse(request, { sync, nowUs, signal, onAbort: loss => giveUp(loss) });
  course.sending();
  const body = Buffer.from(request.body ?? '');
  const last = Math.max(0, body.length - 1);
  const end = (loss: Lost | null) => course.end(loss, { response: receiver.response(), bytes: receiver.bytes() });
  const giveUp = (loss: Lost) => {
    end(loss);
    stream.destroy();
  };
  const onResponse = (headers: { readonly ':status'?: number }, _flags: number, raw?: unknown) => {
    course.answering();
    receiver.head(headers[':status'] ?? 0, linesIn(raw ?? headers));
  };
  stream.on('response', onResponse);
  stream.on('data', (chunk: Buffer) => {
    if (!receiver.data(chunk)) giveUp(new Lost('protocol', 'the body does not end'));
  });
  stream.on('end', () => {
    if (receiver.response() !== null && !stream.aborted) end(null);
  });
  stream.on('error', error => giveUp(lossOf(error)));
  stream.on('close', () => giveUp(new Lost('reset', `the stream was closed by the server (code ${stream.rstCode ?? 0})`))); // prettier-ignore
  let isHeld = false;
  return {
    hold() {
      isHeld = true;
      if (last === 0 || course.isOver()) return Promise.resolve();
      return new Promise(resolve => stream.write(body.subarray(0, last), () => resolve()));
    },
    release() {
      if (course.isOver() || course.isAnswering()) return;
      stream.end(body.subarray(isHeld ? last : 0));
      course.written();
    },
    wire: course.wire,
  };
}

function streamOf(session: ClientHttp2Session, fields: OutgoingHttpHeaders): ClientHttp2Stream {
  try {
    return session.request(fields, { endStream: false });
  } catch (error) {
    const { lost, message } = lossOf(error);
    throw new Lost(lost, `not sent: ${message}`);
  }
}

/** The header fields of HTTP/2: names in lower case, those of a connection left out, repeated lines kept apart. */
function fieldsOf({ method, url, headers, body }: SentRequest, path: string): OutgoingHttpHeaders {
  const complaint = complaintOf({ headers }, false);
  if (complaint !== null) throw new Lost('protocol', `not sent: ${complaint}`);
  const { host, protocol } = new URL(url);
  const own = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? host;
  const fields: Record<string, string | string[]> = {
    ':method': method,
    ':path': path,
    ':scheme': protocol.slice(0, -1),
    ':authority': own,
  };
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (CONNECTION_LINES.has(key)) continue;
    const before = fields[key];
    const trimmed = value.replaceAll(/^[ \t]+|[ \t]+$/g, '');
    fields[key] = before === undefined ? trimmed : [before, trimmed].flat();
  }
  if (body !== null) fields['content-length'] ??= String(Buffer.byteLength(body));
  return fields;
}

/** Header lines as name and value in turn. Node hands the raw ones over beside its object. */
function linesIn(headers: object): readonly Buffer[] {
  const flat = Array.isArray(headers)
    ? headers.map(String)
    : Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap(one => [name, String(one)]));
  return flat.flatMap((name, at) =>
    at % 2 === 1 || name.startsWith(':')
      ? []
      : [Buffer.from(name, 'latin1'), Buffer.from(flat[at + 1] ?? '', 'latin1')],
  );
}
