import type { Operation } from '../core/operation.js';
import type { Reading, World } from '../core/reading.js';
import type { Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import { effects, later, type Probe } from '../core/step.js';
import { changesBetween, placeOf, type Change } from '../oracle/view/changes.js';
import { isBookkeeping } from '../oracle/view/names.js';

/** Pauses between looks, milliseconds; the last one repeats. */
const PAUSES = [0, 50, 150, 300, 500, 1000] as const;
/** A window in which nothing is written, milliseconds, and how many are waited for until one is still. */
const QUIET_MS = 150;
const MOST_WINDOWS = 4;
/** A look at which a read failed is repeated so often, after so many milliseconds. */
const MOST_REPEATS = 3;
const REPEAT_MS = 500;

/** What is looked at: everything a view of the operation reads. */
export interface Looked {
  readonly operation: Operation;
  readonly resource: Resource;
}

/** A look, and how long after the operation it began, milliseconds. */
export interface Sight {
  readonly reading: Reading;
  readonly atMs: number;
}

/** Looks within a scope; a read that was there before and is not now (a 503, a 429) is waited for, a few times. */
export function* look({ operation, resource }: Looked, scope: Scope, since: Reading | null): Probe<Reading> {
  for (let again = 0; ; again++) {
    const reading = yield* effects('preflight look', { resource, operation, scope, seen: [], since }, 'now');
    const isWhole = since === null || worldOf(reading).length === worldOf(since).length;
    if (isWhole || again === MOST_REPEATS) return reading;
    yield* later('preflight pause', REPEAT_MS);
  }
}

/** Looks until something is there; the last look is handed back, and `isThere: false` when the patience is used up. */
export function* lookUntil(
  looked: Looked,
  scope: Scope,
  since: Reading,
  isThere: (world: World) => boolean,
  { sinceUs, patienceMs }: { readonly sinceUs: number; readonly patienceMs: number },
): Probe<Sight & { readonly isThere: boolean }> {
  let atMs = 0;
  for (let at = 0; ; at++) {
    const reading = yield* look(looked, scope, since);
    if (isThere(worldOf(reading))) return { reading, atMs, isThere: true };
    if (atMs >= patienceMs) return { reading, atMs, isThere: false };
    atMs += PAUSES[at + 1] ?? PAUSES.at(-1) ?? 0;
    yield* later('preflight pause', atMs, sinceUs);
  }
}

/** Looks again at some moments after the operation, milliseconds. */
export function* lookAt(
  looked: Looked,
  scope: Scope,
  since: Reading,
  sinceUs: number,
  moments: readonly number[],
): Probe<readonly Sight[]> {
  const sights: Sight[] = [];
  for (const atMs of moments) {
    yield* later('preflight pause', atMs, sinceUs);
    sights.push({ reading: yield* look(looked, scope, since), atMs });
  }
  return sights;
}

/** Looks through windows in which nothing is written until one is still; what moves in the last one is restless. */
export function* settled(
  looked: Looked,
  scope: Scope,
  since: Reading,
  first: Reading,
): Probe<{ readonly reading: Reading; readonly restless: readonly Change[] }> {
  let reading = first;
  let restless: readonly Change[] = [];
  for (let window = 0; window < MOST_WINDOWS; window++) {
    yield* later('preflight pause', QUIET_MS);
    const next = yield* look(looked, scope, since);
    restless = changesBetween(worldOf(reading), worldOf(next));
    reading = next;
    if (telling(restless, []).length === 0) break;
  }
  return { reading, restless };
}

/** A reading reduced to some of its reads, so that the next look makes no others. */
export function only(reading: Reading, names: ReadonlySet<string>): Reading {
  return { ...reading, world: worldOf(reading).filter(({ name }) => names.has(name)) };
}

/** The changes that may be of the operation: no noise, no version, no log. */
export function telling(changes: readonly Change[], noise: readonly Change[]): readonly Change[] {
  const places = new Set(noise.map(placeOf));
  return changes.filter(change => !places.has(placeOf(change)) && !isBookkeeping(change.path));
}

/** What a reading saw; empty where it is none of a view. */
export function worldOf({ world }: Reading): World {
  return world ?? [];
}
