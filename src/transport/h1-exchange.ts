import type { SentRequest } from '../core/http.js';
import type { Sync } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import { createAnswerReader } from './answer-reader.js';
import { createCourse } from './course.js';
import type { H1Connection } from './h1-connection.js';
import { Lost, lossOf } from './lost.js';

/** How long a body may lag behind the head of an answer to HEAD when the connection stays open, milliseconds. */
const LINGER_MS = 250;

/** One exchange on a connection, its request handed over in one piece or two. */
export interface H1Exchange {
  /** Hands over all but the last bytes; resolves once the kernel has them, or the exchange is over. */
  readonly hold: (bytes: Buffer) => Promise<void>;
  /** Hands over the last bytes, now, unless the server was faster; `onTaken` once the kernel has them. */
  readonly release: (bytes: Buffer, onTaken?: () => void) => void;
  /** Ends exchange and connection. */
  readonly giveUp: (loss: Lost) => void;
  /** Never rejects. */
  readonly wire: Promise<Wire>;
}

export interface H1ExchangeOptions {
  readonly sync: Sync | null;
  readonly nowUs: () => number;
  readonly maxBodyBytes: number;
  /** Aborts with a `Lost` as its reason. */
  readonly signal: AbortSignal;
  /** The head of the answer is in, and there is more to come. */
  readonly onHead?: () => void;
}

/** Begins an exchange: whatever comes on the connection from now on is its answer. */
export function beginExchange(connection: H1Connection, request: SentRequest, options: H1ExchangeOptions): H1Exchange {
  const { sync, nowUs, signal, onHead, maxBodyBytes } = options;
  let lingering: NodeJS.Timeout | undefined;
  const course = createCourse(request, { sync, nowUs, signal, onAbort: loss => giveUp(loss) });
  const reader = createAnswerReader(request.method === 'HEAD', maxBodyBytes, {
    onBegin: course.answering,
    onInterim: course.passedOver,
  });
  const end = (loss: Lost | null) => {
    clearTimeout(lingering);
    if (course.isOver()) return;
    connection.hear(null);
    if (loss !== null || !reader.canGoOn()) connection.spoil();
    course.end(loss, { response: reader.response(), bytes: reader.bytes() });
  };
  const giveUp = (loss: Lost) => {
    end(loss);
    connection.close();
  };
  /** Reads on; what is no HTTP, or no whole answer, is a loss. */
  const read = (step: () => void) => {
    try {
      step();
    } catch (error) {
      return giveUp(lossOf(error));
    }
    if (reader.isComplete()) return end(null);
    if (reader.hasHead()) onHead?.();
    if (reader.isLingering()) lingering ??= setTimeout(() => end(null), LINGER_MS);
  };
  connection.hear({
    onData: chunk => read(() => reader.push(chunk)),
    onEnd: fault => (fault === null ? read(reader.finish) : giveUp(lossOf(fault))),
  });
  if (!connection.isUsable()) giveUp(new Lost('reset', 'the connection was closed by the server'));
  return {
    hold: bytes =>
      new Promise(resolve => {
        if (bytes.length === 0 || course.isOver()) return resolve();
        course.sending();
        connection.socket.write(bytes, () => resolve());
      }),
    release(bytes, onTaken) {
      if (course.isOver() || course.isAnswering()) return;
      course.sending();
      const hadRoom = connection.socket.write(bytes, error => {
        if (error !== null && error !== undefined) return;
        if (!hadRoom) course.written();
        onTaken?.();
      });
      course.written();
    },
    giveUp,
    wire: course.wire,
  };
}
