import type { Clock } from '../../src/core/transport.js';
import type { ReferenceClock } from '../../src/reference/reference-clock.js';

/** Turns of the event loop in which nothing may have happened before time moves: one for what was just woken, one to spare. */
const QUIET_TURNS = 2;

/** One time for the engine and for the API under test, which moves only when both have nothing left to do but wait. */
export interface VirtualClock {
  readonly engine: Clock;
  readonly reference: ReferenceClock;
  /** Says that something is going on, so that time stands still for now. */
  readonly touch: () => void;
}

/**
 * Time that moves to the earliest wake-up, and only when whole turns of the event loop have passed without a sleep, a
 * wake-up or a `touch`: everything runnable has run by then, since nothing here waits for the outside. Sleepers that are
 * due together wake together, in the order in which they fell asleep.
 */
export function createVirtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let nowMs = startMs;
  let isPumping = false;
  let happenings = 0;
  let sleepers: readonly { readonly atMs: number; readonly wake: () => void }[] = [];

  const turn = (seen: number, quiet: number): void => {
    setImmediate(() => {
      if (happenings !== seen) return turn(happenings, 0);
      if (quiet + 1 < QUIET_TURNS) return turn(seen, quiet + 1);
      wakeEarliest();
      isPumping = sleepers.length > 0;
      if (isPumping) turn(happenings, 0);
    });
  };

  const wakeEarliest = (): void => {
    const atMs = Math.min(...sleepers.map(sleeper => sleeper.atMs));
    const due = sleepers.filter(sleeper => sleeper.atMs === atMs);
    sleepers = sleepers.filter(sleeper => sleeper.atMs !== atMs);
    nowMs = Math.max(nowMs, atMs);
    happenings++;
    due.forEach(({ wake }) => wake());
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise(wake => {
      happenings++;
      sleepers = [...sleepers, { atMs: nowMs + Math.max(0, ms), wake }];
      if (isPumping) return;
      isPumping = true;
      turn(happenings, 0);
    });

  return {
    engine: { nowUs: () => Math.round((nowMs - startMs) * 1000), wallMs: () => nowMs, sleep: ms => sleep(ms) },
    reference: { nowMs: () => nowMs, sleep },
    touch: () => {
      happenings++;
    },
  };
}
