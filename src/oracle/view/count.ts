import type { World } from '../../core/reading.js';
import { changesBetween, GONE, placeOf, type Change, type Place } from './changes.js';
import { isCounter, stepsIn, type Counter, type Lesson, type Watched } from './lesson.js';
import { wordsFor } from './words.js';

/** How often an operation took effect by what moved; `null` with the reason when that cannot be told. */
export interface Tally {
  readonly count: number | null;
  readonly trouble: string | null;
  /** What moved, in words, of all that is watched. */
  readonly moved: readonly string[];
}

type Turn = Extract<Watched, { readonly kind: 'turned' }>;

/** What became of a member that one operation turns: it turned now, it stands as it did, or it is something else. */
type Turned = 'now' | 'not' | 'before' | 'otherwise';

/**
 * Holds what moved against what one operation does (docs/effects.md has the table): nothing moved = 0; numbers and
 * arrays by k steps = k, and where they differ the most; what only turns = 1, "at least once", unless a version or log
 * shows another number of writes; all else is told and not counted.
 */
export function tallyOf(lesson: Lesson, before: World, after: World): Tally {
  const changes = changesBetween(before, after);
  const moved = changes.map(change => wordsFor(change, lesson));
  const described = (count: number | null, trouble: string | null = null): Tally => ({ count, trouble, moved });
  const odd = () => described(null, `moved in another way than by one operation: ${listed(moved)}`);

  const turns = lesson.watched.filter(isTurn).map(turn => turnOf(turn, changes, before));
  if (turns.includes('otherwise')) return odd();
  const counters = lesson.watched.filter(isCounter);
  const books = counters.filter(({ keepsBook, again }) => keepsBook && again === 'proven');
  const isWrittenOnce = books.every(one => stepsIn(one, changeAt(changes, one)) === 1);
  const once = () =>
    isWrittenOnce
      ? described(1)
      : described(null, `written more or less often than by one operation: ${listed(moved)}`);
  const steps = stepsOf(
    counters.filter(({ keepsBook }) => !keepsBook),
    changes,
  );
  if (steps === null) return odd();
  if (steps !== 'none') {
    if (steps.most === 0) return turns.includes('now') ? odd() : described(0);
    if (steps.least === 0 || turns.includes('not')) return odd();
    return steps.isProven || steps.most > 1 ? described(steps.most) : once();
  }
  if (turns.length === 0) return described(null, 'nothing that counts an effect is known');
  if (turns.every(turn => turn === 'not')) return described(0);
  if (turns.every(turn => turn === 'now')) return once();
  if (turns.every(turn => turn === 'now' || turn === 'before')) {
    return described(null, 'what the operation changes was so already, so that nothing shows whether it took effect');
  }
  return odd();
}

/**
 * How many steps those that count moved, at least and at most; `null` = one of them in another way. One that a second
 * operation leaves alone may stand still while others move, but not move further than they do.
 */
function stepsOf(
  counters: readonly Counter[],
  changes: readonly Change[],
): { readonly least: number; readonly most: number; readonly isProven: boolean } | 'none' | null {
  if (counters.length === 0) return 'none';
  const firm = counters.filter(({ again }) => again !== 'still');
  const steps = (firm.length === 0 ? counters : firm).map(one => stepsIn(one, changeAt(changes, one)));
  const whole = steps.filter(step => step !== null && step >= 0).map(Number);
  if (whole.length < steps.length) return null;
  const others = counters.map(one => stepsIn(one, changeAt(changes, one)) ?? 0);
  const isProven = firm.some(({ again }) => again === 'proven');
  return { least: Math.min(...whole), most: Math.max(...whole, ...others), isProven };
}

function turnOf(turn: Turn, changes: readonly Change[], before: World): Turned {
  const change = changeAt(changes, turn);
  if (change !== undefined) {
    const to = change.kind === 'vanished' ? null : 'to' in change ? change.to : undefined;
    return to === turn.to ? 'now' : 'otherwise';
  }
  return valueAt(before, turn) === turn.to ? 'before' : 'not';
}

/** The JSON text at a place; `null` = not there. */
function valueAt(world: World, { read, path }: Place): string | null {
  const members = world.find(({ name }) => name === read)?.members;
  if (members === null) return path === '$' ? GONE : null;
  const value = members?.[path];
  return typeof value === 'string' ? value : null;
}

function changeAt(changes: readonly Change[], place: Place): Change | undefined {
  return changes.find(change => placeOf(change) === placeOf(place));
}

function isTurn(watched: Watched): watched is Turn {
  return watched.kind === 'turned';
}

function listed(moved: readonly string[]): string {
  return moved.length === 0 ? 'nothing' : moved.join(', ');
}
