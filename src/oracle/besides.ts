import type { Oracle } from './oracle.js';

/**
 * Counts by one oracle, and by another that sees what an operation does beside: where that shows more effects, they are
 * the count. What it cannot count changes nothing.
 */
export function besides(oracle: Oracle, beside: Oracle): Oracle {
  return {
    kind: oracle.kind,
    *read(counted) {
      const main = yield* oracle.read(counted);
      const further = yield* beside.read(counted);
      const { world, moved } = further;
      const watched = { ...(world === undefined ? {} : { world }), ...(moved === undefined ? {} : { moved }) };
      const isMore = (further.count ?? 0) >= 2 && (further.count ?? 0) > (main.count ?? 0);
      if (!isMore) return { ...main, ...watched };
      return { ...main, kind: further.kind, count: further.count, trouble: null, ...watched };
    },
  };
}
