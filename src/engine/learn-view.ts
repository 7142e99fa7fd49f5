import { isSuccess, type Exchange } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Reading, World } from '../core/reading.js';
import type { Resource } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import { effects, later, type Probe } from '../core/step.js';
import { changesBetween, placeOf, type Change } from '../oracle/view/changes.js';
import { isBookkeeping } from '../oracle/view/names.js';
import { isCounter, lessonOf, provenBy, type Counter, type Lesson } from '../oracle/view/lesson.js';

/** Something an operation moves is looked for so long, milliseconds; longer where it was only accepted (202). */
const VISIBLE_WITHIN_MS = { done: 2_000, accepted: 10_000 } as const;
/** Pauses between looks, milliseconds; the last one repeats. */
const LOOKS = [0, 50, 150, 300, 500, 1000] as const;
/** A window in which nothing is written, milliseconds, and how many are waited for until one is still. */
const QUIET_MS = 150;
const MOST_WINDOWS = 4;
/** A look at which a read failed is repeated so often, after so many milliseconds. */
const MOST_REPEATS = 3;
const REPEAT_MS = 500;

/** An operation to learn of: how it is done within a scope, and how a twin of the scope is made. */
export interface Pupil {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly scope: Scope;
  /** Two looks before the operation, with nothing written in between. */
  readonly before: readonly [Reading, Reading];
  /** The operation, done once after them. */
  readonly first: Exchange;
  /** Does the operation once more, under a key of its own. */
  readonly act: (scope: Scope) => Probe<Exchange>;
  /** A fresh scope with nothing in common with the first. */
  readonly twin: () => Probe<Scope>;
  /** A fresh resource below the same parents; `null` where there are none. */
  readonly sibling: ((scope: Scope) => Probe<Scope | null>) | null;
}

/** What a pupil taught, and how long it took to show. */
export interface Learned {
  readonly lesson: Lesson;
  readonly lagMs: number;
  /** The further times the operation was done on the first scope. */
  readonly exchanges: readonly Exchange[];
  /** The operation as it was done on the twin, and the scope of that; `null` where it did not come to it. */
  readonly twin: { readonly scope: Scope; readonly exchange: Exchange } | null;
}

/**
 * Learns what one operation does to what the API's own reads show: what moved, and moved again in the same way on a
 * twin, and moves neither by itself nor by the twin's operation. Then a second operation, to see what it moves twice as
 * far; one that the state permits once is done on a sibling.
 */
export function* learnView(pupil: Pupil): Probe<Learned> {
  const { before, first, scope, resource } = pupil;
  const [early, quiet] = before;
  const own = resource.read?.name ?? null;
  const about = { own, looked: worldOf(quiet).map(({ name }) => name), limits: quiet.trouble };
  const nothing: Learned = { lesson: { ...about, watched: [] }, lagMs: 0, exchanges: [], twin: null };

  const noise = changesBetween(worldOf(early), worldOf(quiet));
  const patienceMs = first.response?.status === 202 ? VISIBLE_WITHIN_MS.accepted : VISIBLE_WITHIN_MS.done;
  const telling = (world: World) => apart(changesBetween(worldOf(quiet), world), noise);
  const hasMoved = (world: World) => telling(world).length > 0;
  const seen = yield* lookUntil(pupil, scope, quiet, hasMoved, first.endAtUs, patienceMs);
  if (!seen.isThere) return nothing;
  const moved = new Set(telling(worldOf(seen.reading)).map(({ read }) => read));
  const kept = only(quiet, moved);
  const still = yield* settled(pupil, kept, seen.reading);
  const lagMs = Math.max(seen.lagMs, still.lagMs);

  const other = yield* pupil.twin();
  const start = only(yield* look(pupil, other, null), moved);
  const again = yield* pupil.act(other);
  if (!isSuccess(again)) return nothing;
  const mine = apart(changesBetween(worldOf(kept), worldOf(still.reading)), [...noise, ...still.restless]);
  const isSame = (world: World) => {
    const places = new Set(changesBetween(worldOf(start), world).map(placeOf));
    return mine.every(change => places.has(placeOf(change)));
  };
  const twin = yield* lookUntil(pupil, other, start, isSame, again.endAtUs, 500 + 2 * lagMs);
  const shared = yield* look(pupil, scope, kept);
  const lesson = lessonOf(
    about,
    { before: worldOf(kept), after: worldOf(still.reading) },
    { before: worldOf(start), after: worldOf(twin.reading) },
    [...noise, ...still.restless, ...changesBetween(worldOf(still.reading), worldOf(shared))],
  );
  const control = yield* secondTime(pupil, lesson, shared, kept, lagMs);
  return {
    ...control,
    lagMs: Math.max(lagMs, twin.isThere ? twin.lagMs : 0),
    twin: { scope: other, exchange: again },
  };
}

/** The control: what a second, different operation moves by one more step counts to two. */
function* secondTime(
  pupil: Pupil,
  lesson: Lesson,
  shared: Reading,
  kept: Reading,
  lagMs: number,
): Probe<Pick<Learned, 'lesson' | 'exchanges'>> {
  const { scope, act, sibling } = pupil;
  const second = yield* act(scope);
  const counters = lesson.watched.filter(isCounter);
  if (isSuccess(second)) {
    if (counters.length === 0) return { lesson, exchanges: [second] };
    const after = yield* afterStep(pupil, lesson, shared, kept, second, lagMs);
    return { lesson: provenBy(lesson, { before: worldOf(shared), after }, 'same'), exchanges: [second] };
  }
  if (sibling === null || !counters.some(one => isElsewhere(lesson, one))) return { lesson, exchanges: [] };
  const near = yield* sibling(scope);
  if (near === null) return { lesson, exchanges: [] };
  yield* later('preflight pause', QUIET_MS + 2 * lagMs);
  const start = yield* look(pupil, scope, kept);
  const beside = yield* act(near);
  if (!isSuccess(beside)) return { lesson, exchanges: [] };
  const after = yield* afterStep(pupil, lesson, start, kept, beside, lagMs, true);
  return { lesson: provenBy(lesson, { before: worldOf(start), after }, 'sibling'), exchanges: [] };
}

/** Looks until everything that counts moved by one more step. */
function* afterStep(
  pupil: Pupil,
  lesson: Lesson,
  start: Reading,
  kept: Reading,
  acted: Exchange,
  lagMs: number,
  isSibling = false,
): Probe<World> {
  const hasMoved = (world: World) => {
    const proven = provenBy(lesson, { before: worldOf(start), after: world }, 'sibling').watched;
    return proven.filter(isCounter).every(one => one.again === 'proven' || (isSibling && !isElsewhere(lesson, one)));
  };
  const { reading } = yield* lookUntil(pupil, pupil.scope, kept, hasMoved, acted.endAtUs, 500 + 2 * lagMs);
  return worldOf(reading);
}

/** Whether a count is still to be proven, and stands elsewhere than on the resource itself: a sibling may move it. */
function isElsewhere({ own }: Lesson, { read, again }: Counter): boolean {
  return read !== own && again !== 'proven';
}

interface Sight {
  readonly reading: Reading;
  readonly isThere: boolean;
  readonly lagMs: number;
}

/** Looks until something is there, or the patience is used up. */
function* lookUntil(
  pupil: Pupil,
  scope: Scope,
  since: Reading,
  isThere: (world: World) => boolean,
  sinceUs: number,
  patienceMs: number,
): Probe<Sight> {
  let lookedForMs = 0;
  for (let at = 0; ; at++) {
    const reading = yield* look(pupil, scope, since);
    if (isThere(worldOf(reading))) return { reading, isThere: true, lagMs: at === 0 ? 0 : lookedForMs };
    if (lookedForMs >= patienceMs) return { reading, isThere: false, lagMs: 0 };
    lookedForMs += LOOKS[at + 1] ?? LOOKS.at(-1) ?? 0;
    yield* later('preflight pause', lookedForMs, sinceUs);
  }
}

/** Looks through windows in which nothing is written until one is still; what moves in the last one is restless. */
function* settled(
  pupil: Pupil,
  since: Reading,
  first: Reading,
): Probe<{ readonly reading: Reading; readonly restless: readonly Change[]; readonly lagMs: number }> {
  let reading = only(first, new Set(worldOf(since).map(({ name }) => name)));
  let restless: readonly Change[] = [];
  for (let window = 0; window < MOST_WINDOWS; window++) {
    yield* later('preflight pause', QUIET_MS);
    const next = yield* look(pupil, pupil.scope, since);
    restless = changesBetween(worldOf(reading), worldOf(next));
    reading = next;
    if (apart(restless, []).length === 0) return { reading, restless, lagMs: window * QUIET_MS };
  }
  return { reading, restless, lagMs: 0 };
}

/** Looks; a read that was there before and is not now (a 503, a 429) is waited for, a few times. */
function* look({ operation, resource }: Pupil, scope: Scope, since: Reading | null): Probe<Reading> {
  for (let again = 0; ; again++) {
    const reading = yield* effects('preflight look', { resource, operation, scope, seen: [], since }, 'now');
    const isWhole = since === null || worldOf(reading).length === worldOf(since).length;
    if (isWhole || again === MOST_REPEATS) return reading;
    yield* later('preflight pause', REPEAT_MS);
  }
}

/** A reading reduced to some of its reads, so that the next look makes no others. */
function only(reading: Reading, names: ReadonlySet<string>): Reading {
  return { ...reading, world: worldOf(reading).filter(({ name }) => names.has(name)) };
}

/** The changes that may be of the operation: no noise, no version, no log. */
function apart(changes: readonly Change[], noise: readonly Change[]): readonly Change[] {
  const places = new Set(noise.map(placeOf));
  return changes.filter(change => !places.has(placeOf(change)) && !isBookkeeping(change.path));
}

function worldOf({ world }: Reading): World {
  return world ?? [];
}
