import { header, type Answered } from '../core/http.js';
import { retryAfterMs } from '../core/retry-after.js';
import type { Stay } from './places.js';
import type { Run } from './run-context.js';

/** Milliseconds of back-off after the first, second and third void try, where the server names no time. */
const BACK_OFF_MS = [500, 1500, 4000];

/** How long a void attempt may have to wait. */
export interface Patience {
  /** Attempts that were void before. */
  readonly tries: number;
  /** Longest back-off, milliseconds. */
  readonly longestMs: number;
  /** Milliseconds since 1970, which the date of a Retry-After is held against. */
  readonly nowMs: number;
}

/** How long to wait after an answer that made an attempt void, milliseconds. */
export function pauseAfter({ response }: Answered, { tries, longestMs, nowMs }: Patience): number {
  const asked = retryAfterMs(header(response, 'retry-after'), nowMs);
  const ms = asked ?? BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] ?? 0;
  return Math.min(ms, longestMs);
}

/** Gives a target that answered 429, 502, 503 or 504 some time, with the place free for others, and tells so. */
export async function backOff({ ports, options }: Run, stay: Stay, voiding: Answered, tries: number): Promise<void> {
  const patience = { tries, longestMs: options.longestBackOffMs, nowMs: ports.clock.wallMs() };
  const ms = pauseAfter(voiding, patience);
  ports.onEvent({ kind: 'backing-off', ms, status: voiding.response.status });
  await stay.whileAway(ms);
}
