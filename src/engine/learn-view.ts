import { isSuccess, statusOf, type Exchange } from '../core/http.js';
import type { Reading, World } from '../core/reading.js';
import type { Scope } from '../core/scope.js';
import { later, type Probe } from '../core/step.js';
import { changesBetween, placeOf, type Change } from '../oracle/view/changes.js';
import { isCounter, lessonOf, provenBy, reducedTo, type Counter, type Lesson } from '../oracle/view/lesson.js';
import { isTooEarly } from './ready-by.js';
import { look, lookAt, lookUntil, only, settled, telling, worldOf, type Looked, type Sight } from './looks.js';

/** Looks after something has moved, milliseconds later: whether there is more to come. */
const FURTHER_MS = [300, 1000] as const;

/** An operation to learn of: how it is done within a scope, and how a twin of the scope is made. */
export interface Pupil extends Looked {
  readonly scope: Scope;
  /** Two looks before the operation, with nothing written in between. */
  readonly before: readonly [Reading, Reading];
  /** The operation, done once after them. */
  readonly first: Exchange;
  /** So long is looked for something that moves, milliseconds. */
  readonly patienceMs: number;
  /** Does the operation once more, under a key of its own. */
  readonly act: (scope: Scope) => Probe<Exchange>;
  /** A fresh scope with nothing in common with the first. */
  readonly twin: () => Probe<Scope>;
  /** Brings the state back to where the operation is permitted; `false` when that is refused. `null` = it needs nothing. */
  readonly readyAgain: ((scope: Scope) => Probe<boolean>) | null;
  /** A second operation on the same scope is no further effect (a DELETE, a PUT): nothing is to be learned from it. */
  readonly isIdempotent?: boolean;
  /** A fresh resource below the same parents; `null` where there are none. */
  readonly sibling: ((scope: Scope) => Probe<Scope | null>) | null;
}

/** What a pupil taught, and how long it took to show. */
export interface Learned {
  readonly lesson: Lesson;
  readonly lagMs: number;
  /** The further times the operation was done on the first scope. */
  readonly exchanges: readonly Exchange[];
  /** Status with which a second one on the first scope was refused, where its state may be why; absent = it was not. */
  readonly secondRefused?: number;
  /** The operation as it was done on the twin, and the scope of that; `null` where it did not come to it. */
  readonly twin: { readonly scope: Scope; readonly exchange: Exchange } | null;
}

/**
 * Learns what one operation does to what the API's own reads show: what moved, and moved again in the same way on a
 * twin, and moves neither by itself nor by the twin's operation. Then a second operation, to see what it moves twice as
 * far: once more made ready where it needs that; one that the state permits once is done on a sibling.
 */
export function* learnView(pupil: Pupil): Probe<Learned> {
  const { before, scope, resource } = pupil;
  const [, quiet] = before;
  const looked = worldOf(quiet).map(({ name }) => name);
  const about = { own: resource.read?.name ?? null, looked, limits: quiet.trouble };
  const nothing: Learned = { lesson: { ...about, watched: [] }, lagMs: 0, exchanges: [], twin: null };
  const moved = yield* movedBy(pupil);
  if (moved === null) return nothing;
  const { kept, still, noise, sights } = moved;

  const other = yield* pupil.twin();
  const start = only(yield* look(pupil, other, null), new Set(worldOf(kept).map(({ name }) => name)));
  const again = yield* pupil.act(other);
  if (!isSuccess(again)) return nothing;
  const mine = telling(changesBetween(worldOf(kept), worldOf(still)), noise);
  const isSame = (world: World) => {
    const places = new Set(changesBetween(worldOf(start), world).map(placeOf));
    return mine.every(change => places.has(placeOf(change)));
  };
  const waiting = { sinceUs: again.endAtUs, patienceMs: 500 + 2 * (sights.at(-1)?.atMs ?? 0) };
  const twin = yield* lookUntil(pupil, other, start, isSame, waiting);
  const shared = yield* look(pupil, scope, kept);
  const lesson = lessonOf(
    about,
    { before: worldOf(kept), after: worldOf(still) },
    { before: worldOf(start), after: worldOf(twin.reading) },
    [...noise, ...changesBetween(worldOf(still), worldOf(shared))],
  );
  const lagMs = lagOf(lesson, sights, still);
  if (pupil.isIdempotent === true) return { lesson, lagMs, exchanges: [], twin: { scope: other, exchange: again } };
  const control = yield* secondTime(pupil, lesson, { kept, shared, lagMs });
  return { ...control, lagMs, twin: { scope: other, exchange: again } };
}

/** What moved on the first scope: the reads that show it, as they were before (`kept`) and when all was still. */
interface Moved {
  readonly kept: Reading;
  readonly still: Reading;
  /** What moved with nothing written. */
  readonly noise: readonly Change[];
  readonly sights: readonly Sight[];
}

/** Looks until the first operation shows, and a while longer, since its parts may show one after the other. */
function* movedBy(pupil: Pupil): Probe<Moved | null> {
  const { before, first, scope, patienceMs } = pupil;
  const [early, quiet] = before;
  if (worldOf(quiet).length === 0) return null;
  const noise = changesBetween(worldOf(early), worldOf(quiet));
  const shown = (world: World) => telling(changesBetween(worldOf(quiet), world), noise);
  const waiting = { sinceUs: first.endAtUs, patienceMs };
  const seen = yield* lookUntil(pupil, scope, quiet, world => shown(world).length > 0, waiting);
  if (!seen.isThere) return null;
  const moments = FURTHER_MS.map(ms => seen.atMs + ms);
  const sights = [seen, ...(yield* lookAt(pupil, scope, quiet, first.endAtUs, moments))];
  const names = new Set(sights.flatMap(({ reading }) => shown(worldOf(reading))).map(({ read }) => read));
  const kept = only(quiet, names);
  const { reading: still, restless } = yield* settled(pupil, scope, kept, only((sights.at(-1) ?? seen).reading, names));
  return { kept, still, noise: [...noise, ...restless], sights };
}

/** Milliseconds until all that one operation does showed: to the look at which it stood as it did at last. */
function lagOf(lesson: Lesson, sights: readonly Sight[], still: Reading): number {
  const effects = { ...lesson, watched: lesson.watched.filter(({ kind }) => kind !== 'restless') };
  const last = reducedTo(effects, worldOf(still));
  const isWhole = ({ reading }: Sight) => changesBetween(reducedTo(effects, worldOf(reading)), last).length === 0;
  return sights.find(isWhole)?.atMs ?? sights.at(-1)?.atMs ?? 0;
}

interface Controlled {
  readonly kept: Reading;
  /** The last look before the control. */
  readonly shared: Reading;
  readonly lagMs: number;
}

/** The control: what a second, different operation moves by one more step counts to two. */
function* secondTime(
  pupil: Pupil,
  lesson: Lesson,
  { kept, shared, lagMs }: Controlled,
): Probe<Pick<Learned, 'lesson' | 'exchanges' | 'secondRefused'>> {
  const { scope, act, sibling } = pupil;
  const second = yield* act(scope);
  const counters = lesson.watched.filter(isCounter);
  if (isSuccess(second)) {
    if (counters.length === 0) return { lesson, exchanges: [second] };
    const proven = yield* afterStep(pupil, lesson, { kept, shared, lagMs }, second, 'same');
    return { lesson: proven, exchanges: [second] };
  }
  const refused = isTooEarly(second) ? { secondRefused: statusOf(second) ?? 0 } : {};
  const readied = yield* secondReadied(pupil, lesson, { kept, shared, lagMs });
  if (readied !== null) return { ...readied, ...refused };
  const unproven = { lesson, exchanges: [], ...refused };
  if (sibling === null || !counters.some(one => isElsewhere(lesson, one))) return unproven;
  const near = yield* sibling(scope);
  if (near === null) return unproven;
  yield* later('preflight pause', 150 + 2 * lagMs);
  const start = yield* look(pupil, scope, kept);
  const beside = yield* act(near);
  if (!isSuccess(beside)) return unproven;
  const proven = yield* afterStep(pupil, lesson, { kept, shared: start, lagMs }, beside, 'sibling');
  return { ...unproven, lesson: proven };
}

/** The control of an operation that needs another one before each time: a withdrawal of what was paid in once more. */
function* secondReadied(
  pupil: Pupil,
  lesson: Lesson,
  { kept, lagMs }: Controlled,
): Probe<Pick<Learned, 'lesson' | 'exchanges'> | null> {
  const { scope, act, readyAgain } = pupil;
  if (readyAgain === null || !lesson.watched.some(isCounter) || !(yield* readyAgain(scope))) return null;
  yield* later('preflight pause', 150 + 2 * lagMs);
  const shared = yield* look(pupil, scope, kept);
  const second = yield* act(scope);
  if (!isSuccess(second)) return null;
  const proven = yield* afterStep(pupil, lesson, { kept, shared, lagMs }, second, 'same');
  return { lesson: proven, exchanges: [second] };
}

/** Looks until everything that counts moved by one more step, or long enough; hands back what that proves. */
function* afterStep(
  pupil: Pupil,
  lesson: Lesson,
  { kept, shared, lagMs }: Controlled,
  acted: Exchange,
  on: 'same' | 'sibling',
): Probe<Lesson> {
  const provenIn = (world: World) => provenBy(lesson, { before: worldOf(shared), after: world }, on);
  const hasMoved = (world: World) =>
    provenIn(world)
      .watched.filter(isCounter)
      .every(one => one.again === 'proven' || (on === 'sibling' && !isElsewhere(lesson, one)));
  const waiting = { sinceUs: acted.endAtUs, patienceMs: 500 + 2 * lagMs };
  const { reading } = yield* lookUntil(pupil, pupil.scope, kept, hasMoved, waiting);
  return provenIn(worldOf(reading));
}

/** Whether a count is still to be proven, and stands elsewhere than on the resource itself: a sibling may move it. */
function isElsewhere({ own }: Lesson, { read, again }: Counter): boolean {
  return read !== own && again !== 'proven';
}
