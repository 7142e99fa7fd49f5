/** Counts who is inside at the same time, by name. */
export interface Contention {
  /** Runs `inside` after `wait`; `isContended` tells whether anybody else was there meanwhile. */
  readonly during: <T>(
    name: string,
    wait: () => Promise<void>,
    inside: (isContended: boolean) => Promise<T>,
  ) => Promise<T>;
}

/** For flaws that go wrong only when requests meet. */
export function createContention(): Contention {
  const present = new Map<string, { now: number; peak: number }>();
  return {
    async during(name, wait, inside) {
      const here = present.get(name) ?? { now: 0, peak: 0 };
      present.set(name, here);
      here.now += 1;
      here.peak = Math.max(here.peak, here.now);
      await wait();
      const isContended = here.peak > 1;
      try {
        return await inside(isContended);
      } finally {
        here.now -= 1;
        if (here.now === 0) present.delete(name);
      }
    },
  };
}
