import type { Reading } from '../core/reading.js';
import { effects, later, type Counted, type Probe } from '../core/step.js';

/** Moments at which a number must still be what it was while nothing is written, milliseconds. */
const STILL_AT_MS = [300, 1000];

/** Whether a number stays what it is while nothing is written. One that another client moves would count its writes too. */
export function* isStill(counted: Counted): Probe<boolean> {
  const from = yield* effects('preflight still', counted, 'now');
  let waitedMs = 0;
  for (const atMs of STILL_AT_MS) {
    yield* later('preflight pause', atMs - waitedMs);
    waitedMs = atMs;
    const moved = movedBy(from, yield* effects('preflight still', counted, 'now'));
    if (moved !== null && moved !== 0) return false;
  }
  return true;
}

/** How far a number moved since an earlier reading; `null` where either was not read. */
export function movedBy(since: Reading | null, reading: Reading | undefined): number | null {
  const [from, to] = [since?.value ?? null, reading?.value ?? null];
  return from === null || to === null ? null : to - from;
}
