import type { Clock } from '../core/transport.js';

/** The machine's own clock; the run begins when it is made. */
export function createClock(): Clock {
  const origin = performance.now();
  return {
    nowUs: () => Math.round((performance.now() - origin) * 1000),
    sleep: (ms, signal) =>
      new Promise(resolve => {
        if (signal?.aborted === true || ms <= 0) return resolve();
        const wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal?.addEventListener('abort', wake);
      }),
  };
}
