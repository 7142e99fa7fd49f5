import type { Response, SentRequest } from '../core/http.js';
import type { Sync } from '../core/sync.js';
import type { Wire } from '../core/transport.js';
import { lossOf, type Lost } from './lost.js';

/** What has come of an answer so far. */
export interface SoFar {
  /** `null` before its head. */
  readonly response: Response | null;
  /** Bytes of body. */
  readonly bytes: number;
}

/** Keeps the times of one exchange on a connection of ours, and makes its record. */
export interface Course {
  /** The first byte is about to be handed over; later calls count for nothing. */
  readonly sending: () => void;
  /** The last byte has been handed over; a later call counts, unless an answer has begun. */
  readonly written: () => void;
  /** The first byte of an answer is in. */
  readonly answering: () => void;
  /** What had begun was an interim answer. */
  readonly passedOver: () => void;
  /** Whether an answer has begun. */
  readonly isAnswering: () => boolean;
  readonly isOver: () => boolean;
  /** Ends it, once: with the answer as it stands, or with the loss of it. */
  readonly end: (loss: Lost | null, soFar: SoFar) => void;
  /** Never rejects. */
  readonly wire: Promise<Wire>;
}

/** Begins a course; `onAbort` is told, with the reason, when the signal gives it up. */
export function createCourse(
  request: SentRequest,
  {
    sync,
    nowUs,
    signal,
    onAbort,
  }: {
    readonly sync: Sync | null;
    readonly nowUs: () => number;
    /** Aborts with a `Lost` as its reason. */
    readonly signal: AbortSignal;
    readonly onAbort: (loss: Lost) => void;
  },
): Course {
  let sentAtUs: number | null = null;
  let writtenAtUs: number | null = null;
  let firstByteAtUs: number | null = null;
  let isOver = false;
  let settle: (wire: Wire) => void = () => {};
  const wire = new Promise<Wire>(resolve => (settle = resolve));
  const abort = () => onAbort(lossOf(signal.reason));
  signal.addEventListener('abort', abort);
  if (signal.aborted) queueMicrotask(abort);
  return {
    sending: () => void (sentAtUs ??= nowUs()),
    written() {
      if (firstByteAtUs === null && !isOver) writtenAtUs = nowUs();
    },
    answering: () => void (firstByteAtUs = nowUs()),
    passedOver: () => void (firstByteAtUs = null),
    isAnswering: () => firstByteAtUs !== null,
    isOver: () => isOver,
    end(loss, soFar) {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', abort);
      const times = { sentAtUs, writtenAtUs, firstByteAtUs, endAtUs: nowUs() };
      settle(recordOf({ sync, request }, times, loss, soFar));
    },
    wire,
  };
}

type Times = Pick<Wire, 'sentAtUs' | 'writtenAtUs' | 'firstByteAtUs' | 'endAtUs'>;

/** The record of an exchange that ended with this answer, or with the loss of it. */
function recordOf(
  { sync, request }: Pick<Wire, 'sync' | 'request'>,
  times: Times,
  loss: Lost | null,
  soFar: SoFar,
): Wire {
  const { response } = soFar;
  const { sentAtUs, writtenAtUs } = times;
  const isByServer = loss === null || loss.lost === 'reset' || loss.lost === 'protocol';
  const isEarly = sync !== null && isByServer && sentAtUs !== null && writtenAtUs === null;
  return {
    sync,
    request,
    response: loss === null ? response : null,
    lost: loss?.lost ?? null,
    lostDetail: loss === null ? null : `${loss.message}${progress(loss, sentAtUs, soFar)}`,
    ...times,
    // An answer that never got to its end of head has no time.
    firstByteAtUs: response === null ? null : times.firstByteAtUs,
    ...(isEarly ? { early: true } : {}),
  };
}

/** How far it had come; of no interest when we ended it. */
function progress({ lost }: Lost, sentAtUs: number | null, { response, bytes }: SoFar): string {
  if (lost === 'aborted') return '';
  if (response === null) return sentAtUs === null ? '' : ' (no answer)';
  return ` (after status ${response.status} and ${bytes} bytes of body)`;
}
