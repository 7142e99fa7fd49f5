import type { Response } from '../core/http.js';
import { createAnswerBody, type AnswerBody } from './answer-body.js';
import { framingOf, isKept, type Framing } from './answer-framing.js';
import { createHeadReader, type Head } from './answer-head.js';
import { Lost } from './lost.js';
import { createReceiver } from './receive.js';
import { createUnread } from './unread.js';

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

/** What is told of an answer while it is read. */
export interface AnswerEvents {
  /** The first byte of an answer is in. */
  readonly onBegin: () => void;
  /** It was an interim one (1xx), and is passed over. */
  readonly onInterim: () => void;
}

/** What stands behind the final head. */
interface Rest {
  readonly body: AnswerBody;
  readonly framing: Framing;
  readonly isKept: boolean;
}

export function createAnswerReader(isHead: boolean, mostBodyBytes: number, events: AnswerEvents): AnswerReader {
  const receiver = createReceiver(mostBodyBytes);
  const unread = createUnread();
  const heads = createHeadReader(unread, () => {
    events.onInterim();
    if (!unread.isEmpty()) events.onBegin();
  });
  let rest: Rest | null = null;

  function behind(head: Head): Rest {
    const framing = framingOf(head, isHead);
    receiver.head(head.status, head.lines.flat().map(item => Buffer.from(item, 'latin1'))); // prettier-ignore
    return { body: createAnswerBody(framing, unread, receiver), framing, isKept: isKept(head, framing) };
  }

  return {
    push(chunk) {
      if (heads.isAtStart() && unread.isEmpty()) events.onBegin();
      unread.add(chunk);
      if (rest === null) {
        const head = heads.read();
        if (head === null) return;
        rest = behind(head);
      }
      while (!unread.isEmpty() && rest.body.step());
    },
    finish() {
      rest?.body.close();
      if (rest?.body.isComplete() !== true) throw new Lost('reset', 'the connection was closed by the server');
    },
    isComplete: () => rest?.body.isComplete() === true,
    hasHead: () => rest !== null,
    isLingering: () => rest?.framing.kind === 'head-only' && !rest.body.isComplete(),
    response: receiver.response,
    bytes: receiver.bytes,
    canGoOn: () => rest?.isKept !== false && unread.isEmpty(),
  };
}
