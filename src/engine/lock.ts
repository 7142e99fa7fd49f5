/** Lets many share, or one have something alone; whoever asked first comes first. */
export interface Lock {
  /** Resolves with the function that gives the place back. */
  readonly enter: (mode: 'shared' | 'alone') => Promise<() => void>;
}

export function createLock(): Lock {
  let sharing = 0;
  let isTaken = false;
  const queue: { readonly mode: 'shared' | 'alone'; readonly admit: () => void }[] = [];

  function settle(): void {
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      if (isTaken || (head.mode === 'alone' && sharing > 0)) return;
      queue.shift();
      if (head.mode === 'alone') isTaken = true;
      else sharing++;
      head.admit();
    }
  }

  return {
    enter: mode =>
      new Promise(resolve => {
        const admit = () => resolve(once(() => (mode === 'alone' ? (isTaken = false) : sharing--, settle())));
        queue.push({ mode, admit });
        settle();
      }),
  };
}

/** At most so many at a time; whoever asked first comes first. */
export function createSlots(count: number): { readonly take: () => Promise<() => void> } {
  let free = count;
  const queue: (() => void)[] = [];
  function admit(): void {
    while (free > 0) {
      const next = queue.shift();
      if (next === undefined) return;
      free--;
      next();
    }
  }
  return {
    take: () =>
      new Promise(resolve => {
        queue.push(() => resolve(once(() => (free++, admit()))));
        admit();
      }),
  };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
