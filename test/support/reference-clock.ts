/**
 * A clock for the reference API whose time moves only when nothing else is left to do: the earliest sleeper wakes when
 * the event loop has been idle for a few turns. `advance` moves time by hand.
 */
export function createReferenceClock(startMs = Date.UTC(2026, 0, 1)) {
  let nowMs = startMs;
  let isPumping = false;
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  const pump = (idleTurns: number): void => {
    setImmediate(() => {
      if (idleTurns > 0) return pump(idleTurns - 1);
      sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = sleepers.shift();
      isPumping = sleepers.length > 0;
      if (next !== undefined) {
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
      if (isPumping) pump(5);
    });
  };

  return {
    nowMs: () => nowMs,
    sleep: (ms: number) =>
      new Promise<void>(wake => {
        sleepers.push({ atMs: nowMs + ms, wake });
        if (isPumping) return;
        isPumping = true;
        pump(5);
      }),
    advance: (ms: number) => {
      nowMs += ms;
    },
  };
}

/** Ids that count: `id-1`, `id-2` ... */
export function countingIds(): () => string {
  let last = 0;
  return () => `id-${++last}`;
}
