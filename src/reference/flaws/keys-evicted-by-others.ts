import type { Flaw } from '../flaw.js';

/** Keys that the store has room for. */
const ROOM = 8;

export const keysEvictedByOthers: Flaw = {
  id: 'keys-evicted-by-others',
  title: 'The store has room for eight keys: those of other requests push a key out, and its retry is executed.',
  exposes: { check: 'concurrent-distinct-all-apply', code: 'forgotten-in-traffic', resource: 'order' },
  hooks: base => {
    const stored: string[] = [];
    const evictions = new Map<string, number>();
    return {
      storeKey: ({ key }) => `${evictions.get(key) ?? 0} ${key}`,
      keyLayer: attempt => {
        const { key } = attempt;
        if (!stored.includes(key)) stored.push(key);
        const oldest = stored.length > ROOM ? stored.shift() : undefined;
        if (oldest !== undefined) evictions.set(oldest, (evictions.get(oldest) ?? 0) + 1);
        return base.keyLayer(attempt);
      },
    };
  },
};
