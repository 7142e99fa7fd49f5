import { setMaxListeners } from 'node:events';
import { Lost } from './lost.js';

/** A signal that aborts with a `Lost` when the time is up or somebody gives the work up. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly giveUp: (reason: Lost) => void;
  /** Lets go of the timer and of the outer signal. */
  readonly stop: () => void;
}

/** Starts the time of one exchange, connecting and a trickling body included. */
export function startDeadline(timeoutMs: number, outer: AbortSignal): Deadline {
  const controller = new AbortController();
  const giveUp = (reason: Lost) => controller.abort(reason);
  const onAbort = () => giveUp(new Lost('aborted', 'the run gave the request up'));
  const timer = setTimeout(() => giveUp(new Lost('timeout', `not complete within ${timeoutMs} ms`)), timeoutMs);
  // Each lane of a race listens; Node takes more than ten listeners for a leak, and says so on stderr.
  setMaxListeners(0, controller.signal);
  outer.addEventListener('abort', onAbort);
  if (outer.aborted) onAbort();
  return {
    signal: controller.signal,
    giveUp,
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}
