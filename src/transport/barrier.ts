import { releaseConnections } from './release-connections.js';
import type { Way } from './way.js';

const NOTHING = Buffer.alloc(0);

/** Whole requests, written one right after the other, each on a warm connection of its own. */
export const barrier: Way = {
  need: null,
  bears: () => true,
  release: (wiring, race) =>
    releaseConnections(wiring, race, {
      sync: 'barrier',
      cut: bytes => ({ prefix: NOTHING, rouser: NOTHING, last: bytes }),
      goAhead: null,
    }),
};
