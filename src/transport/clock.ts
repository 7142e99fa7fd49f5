import type { Clock } from '../core/transport.js';

/** The longest a timer of Node counts to, milliseconds; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock; the run begins when it is made. */
export function createClock(): Clock {
  const origin = performance.now();
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const endMs = performance.now() + ms;
    // A timer drops fractions and may fire early; a wait that counts in a verdict must not be short.
    for (let restMs = ms; restMs > 0 && signal?.aborted !== true; restMs = endMs - performance.now()) {
      await nap(Math.min(Math.ceil(restMs), LONGEST_TIMER_MS), signal);
    }
  };
  return { nowUs: () => Math.round((performance.now() - origin) * 1000), wallMs: () => Date.now(), sleep };
}

function nap(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
}
