/** Counts the writes of a server. */
export interface Revisions {
  readonly written: (id: string) => void;
  /** The count at the last write of a record. */
  readonly of: (id: string) => number;
  /** The count as it is. */
  readonly now: () => number;
}

/** A server that nobody has written to. */
export function createRevisions(): Revisions {
  const last = new Map<string, number>();
  let count = 0;
  return {
    written: id => {
      count += 1;
      last.set(id, count);
    },
    of: id => last.get(id) ?? 0,
    now: () => count,
  };
}
