import type { Sync } from '../core/sync.js';
import { barrier } from './barrier.js';
import { lastByte } from './last-byte.js';
import { singlePacket } from './single-packet.js';
import type { Way } from './way.js';

/** How each way of `core/sync` is done. */
export const WAYS = {
  'single-packet': singlePacket,
  'last-byte': lastByte,
  barrier,
} as const satisfies Readonly<Record<Sync, Way>>;
