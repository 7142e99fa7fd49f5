/** Runs work one at a time per name, in the order of arrival. */
export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Locks of one process, kept only while somebody holds or waits. */
export function createLocks(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const run = (tails.get(name) ?? Promise.resolve()).then(work);
    const tail = run.catch(() => undefined);
    tails.set(name, tail);
    void tail.then(() => {
      if (tails.get(name) === tail) tails.delete(name);
    });
    return run;
  };
}
