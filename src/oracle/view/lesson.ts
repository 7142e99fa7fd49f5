import type { World, WorldRead } from '../../core/reading.js';
import { changesBetween, placeOf, type Change, type Place } from './changes.js';
import { isSameStep, timesOf } from './decimal.js';
import { isBookkeeping } from './names.js';

/**
 * Whether two effects were seen to move something twice as far as one. `proven`: two different operations did, or one
 * moved it by its step from different values, or made an item of its own on each twin. `still`: a second operation was
 * accepted and did not move it again. `open`: nothing of the kind was seen.
 */
export type Repeat = 'proven' | 'still' | 'open';

/**
 * What one operation does, at one place. `number` and `items` count: by `step` for one effect. One that `keepsBook` is a
 * version or a log: a server may write it as often as it likes, so that two steps are no two effects; but one step is
 * one write. `turned` ends with one value however often it is done; `restless` ends with another each time and counts
 * for nothing.
 */
export type Watched = Place &
  (
    | { readonly kind: 'number'; readonly step: string; readonly again: Repeat; readonly keepsBook: boolean }
    | { readonly kind: 'items'; readonly step: number; readonly again: Repeat; readonly keepsBook: boolean }
    | { readonly kind: 'turned'; readonly to: string | null }
    | { readonly kind: 'restless' }
  );

/** Something that counts effects by how far it moves. */
export type Counter = Extract<Watched, { readonly kind: 'number' | 'items' }>;

/** What one operation does to what the API's own reads show (dA). Plain data. */
export interface Lesson {
  /** The name of the resource's own read. */
  readonly own: string | null;
  /** The names of the reads that were looked at. */
  readonly looked: readonly string[];
  /** What was not looked at, in words; `null` = everything was. */
  readonly limits: string | null;
  readonly watched: readonly Watched[];
}

/** Looks at the same twin before and after one operation. */
export interface Looks {
  readonly before: World;
  readonly after: World;
}

/**
 * What one operation does: what moved on a resource, and again in the same way on its twin. Left out is what moves
 * with no write at all, or by the twin's operation (`noise`).
 */
export function lessonOf(
  { own, looked, limits }: Omit<Lesson, 'watched'>,
  one: Looks,
  twin: Looks,
  noise: readonly Change[],
): Lesson {
  const restless = new Set(noise.map(placeOf));
  const again = new Map(changesBetween(twin.before, twin.after).map(change => [placeOf(change), change]));
  const changes = changesBetween(one.before, one.after);
  // What the resource's own read shows, its list shows once more.
  const isShown = changes.some(({ read }) => read === own);
  const watched = changes.flatMap(change => {
    if (isShown && change.read !== own && change.path.includes('[own]')) return [];
    const other = again.get(placeOf(change));
    return other === undefined || restless.has(placeOf(change)) ? [] : [watchedOf(change, other)];
  });
  return { own, looked, limits, watched };
}

function watchedOf(one: Change, two: Change): Watched {
  const { read, path } = one;
  const keepsBook = isBookkeeping(path);
  if (one.kind === 'number' && two.kind === 'number') {
    if (isSameStep(one.by, two.by)) {
      return { read, path, kind: 'number', step: one.by, again: one.from === two.from ? 'open' : 'proven', keepsBook };
    }
    return { read, path, kind: 'restless' };
  }
  if (one.kind === 'items' && two.kind === 'items') {
    const isGrowth = one.vanished.length === 0 && two.vanished.length === 0;
    const step = one.appeared.length;
    if (!isGrowth || step !== two.appeared.length) return { read, path, kind: 'restless' };
    return {
      read,
      path,
      kind: 'items',
      step,
      again: areApart(one.appeared, two.appeared) ? 'proven' : 'open',
      keepsBook,
    };
  }
  const [to, other] = [endOf(one), endOf(two)];
  return to !== undefined && to === other ? { read, path, kind: 'turned', to } : { read, path, kind: 'restless' };
}

/** Two lists with no item in common: the two operations made items of their own. */
function areApart(one: readonly string[], two: readonly string[]): boolean {
  return one.every(item => !two.includes(item));
}

function endOf(change: Change): string | null | undefined {
  if (change.kind === 'vanished') return null;
  return change.kind === 'appeared' || change.kind === 'changed' ? change.to : undefined;
}

/**
 * The lesson after a second, different operation was accepted: proven is what it moved by one more step. On a resource
 * of its own (`sibling`) it says nothing of what it did not move.
 */
export function provenBy(lesson: Lesson, { before, after }: Looks, on: 'same' | 'sibling'): Lesson {
  const moved = new Map(changesBetween(before, after).map(change => [placeOf(change), change]));
  return {
    ...lesson,
    watched: lesson.watched.map((one): Watched => {
      if (!isCounter(one)) return one;
      const steps = stepsIn(one, moved.get(placeOf(one)));
      if (steps === 1) return { ...one, again: 'proven' };
      return steps === 0 && on === 'same' ? { ...one, again: 'still' } : one;
    }),
  };
}

/** How many steps something moved that counts; `null` = in another way. */
export function stepsIn(watched: Counter, change: Change | undefined): number | null {
  if (change === undefined) return 0;
  if (watched.kind === 'number') return change.kind === 'number' ? timesOf(change.by, watched.step) : null;
  if (change.kind !== 'items' || change.vanished.length > 0) return null;
  return Number.isInteger(change.appeared.length / watched.step) ? change.appeared.length / watched.step : null;
}

/**
 * Whether "one" by a lesson is one effect: something that counts was seen to count to two; a version or log by itself
 * does not say that there was an effect.
 */
export function isCountable(lesson: Lesson): boolean {
  return showsEffect(lesson) && lesson.watched.some(one => isCounter(one) && one.again === 'proven');
}

/** Whether something counts effects by how far it moves. */
export function isCounter(watched: Watched): watched is Counter {
  return watched.kind === 'number' || watched.kind === 'items';
}

/** Whether a lesson shows anything of an effect. */
export function showsEffect({ watched }: Lesson): boolean {
  return watched.some(one => (isCounter(one) ? !one.keepsBook : one.kind === 'turned'));
}

/** The reads of a world in which something is watched, and of each what is watched alone. */
export function reducedTo({ watched }: Lesson, world: World): World {
  return world.flatMap(({ name, at, members }): WorldRead[] => {
    const paths = new Set(watched.filter(({ read }) => read === name).map(({ path }) => path));
    if (paths.size === 0) return [];
    const kept = members === null ? null : Object.entries(members).filter(([path]) => paths.has(path));
    return [{ name, at, members: kept === null ? null : Object.fromEntries(kept) }];
  });
}
