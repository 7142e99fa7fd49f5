import type { Buffer } from 'node:buffer';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { MARKER_PREFIX } from '../core/scope.js';
import type { Arranger } from '../core/arrange.js';

/** One past the largest seed that is drawn. */
const SEEDS = 2 ** 31;

/** The smallest int that is handed out, and one past the largest: what every database takes, and no small id. */
const [LEAST, END] = [1_000_000, 2 ** 31];

/** The seed of a run that was given none. */
export function drawnSeed(): number {
  return randomInt(SEEDS);
}

/** Eight hex digits that are another run's by accident alone. */
export function drawnNonce(): string {
  return randomBytes(4).toString('hex');
}

/**
 * Hands out markers, uuids, ints and keys, a sequence for each place in the run (a case, a preflight), so that cases side
 * by side do not take them from each other. The same seed gives the same values at the same place but for the nonce of
 * the run: the first eight digits of a marker, uuid or key, and how far an int is turned within its range. Without it a
 * second run with a seed would meet the keys and records of the first.
 */
export function createArrangers(seed: number, nonce: string, now: () => Date): (place: string) => Arranger {
  const arrangers = new Map<string, Arranger>();
  return place => {
    const known = arrangers.get(place) ?? arrangerFor(`${seed} ${place}`, nonce, now);
    arrangers.set(place, known);
    return known;
  };
}

function arrangerFor(source: string, nonce: string, now: () => Date): Arranger {
  const turn = Number.parseInt(nonce, 16);
  let drawn = 0;
  const draw = (what: string) => createHash('sha256').update(`${source} ${what} ${++drawn}`).digest();
  return {
    key: () => uuidOf(nonce, draw('key')),
    fresh: () => ({
      marker: `${MARKER_PREFIX}${nonce}${draw('marker').toString('hex', 0, 6)}`,
      uuid: uuidOf(nonce, draw('uuid')),
      int: LEAST + ((draw('int').readUIntBE(0, 6) + turn) % (END - LEAST)),
      now: now().toISOString(),
      values: {},
    }),
  };
}

/** A UUID of version 4 (RFC 9562 section 5.4) that begins with the nonce. */
function uuidOf(nonce: string, bytes: Buffer): string {
  const hex = bytes.toString('hex');
  const variant = '89ab'.charAt(bytes.readUInt8(31) % 4);
  return `${nonce}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-${variant}${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}
