import type { Exchange, HeaderLine, LostReason, Method } from '../../src/core/http.js';
import type { Sync } from '../../src/core/sync.js';

interface Shape {
  readonly n?: number;
  readonly method?: Method;
  readonly url?: string;
  readonly requestBody?: string | null;
  readonly requestHeaders?: readonly HeaderLine[];
  readonly headers?: readonly HeaderLine[];
  readonly body?: string | object;
  readonly round?: number;
  readonly lane?: number;
  readonly attempt?: number;
  readonly sync?: Sync | null;
  /** Flight, microseconds: last byte sent and first byte received. */
  readonly from?: number;
  readonly to?: number;
}

/** Hands out exchange numbers for one test. */
export function createCanned() {
  let next = 1;
  const base = (step: string, shape: Shape): Exchange => ({
    n: shape.n ?? next++,
    step,
    attempt: shape.attempt ?? 1,
    round: shape.round ?? 0,
    lane: shape.lane ?? 0,
    sync: shape.sync ?? null,
    request: {
      method: shape.method ?? 'POST',
      url: shape.url ?? 'http://127.0.0.1/orders',
      headers: shape.requestHeaders ?? [],
      body: shape.requestBody ?? null,
    },
    response: null,
    lost: null,
    lostDetail: null,
    sentAtUs: shape.from ?? 0,
    writtenAtUs: shape.from ?? 0,
    firstByteAtUs: shape.to ?? 1000,
    endAtUs: shape.to ?? 1000,
  });
  return {
    answered(step: string, status: number, shape: Shape = {}): Exchange {
      const body = typeof shape.body === 'object' ? JSON.stringify(shape.body) : (shape.body ?? '');
      return {
        ...base(step, shape),
        response: {
          status,
          headers: shape.headers ?? [['content-type', 'application/json']],
          body,
          bodyEncoding: 'utf8',
          bodyBytes: Buffer.byteLength(body),
          truncated: false,
        },
      };
    },
    lost(step: string, reason: LostReason = 'reset', shape: Shape = {}): Exchange {
      return { ...base(step, shape), firstByteAtUs: null, lost: reason, lostDetail: reason };
    },
  };
}
