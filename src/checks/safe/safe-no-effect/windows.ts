import { isTimeField } from '../../lib/json/fields.js';
import type { Difference } from '../../lib/json/json.js';

/** What changed between two looks, and how long lay between them (microseconds; 0 = unknown). */
export interface Window {
  readonly changes: readonly Difference[];
  readonly durationUs: number;
}

/** A field that moves with the reads. `once`: in the first window with reads alone. */
export interface Moved {
  readonly change: Difference;
  readonly once: boolean;
}

/** A window with reads has at least this many times the reads of one in which only the look itself reads. */
const FURTHER = 3;

/**
 * The fields that move with reads: in windows with reads (`busy`) and in none without (`quiet`). Where the look is
 * itself such a read, so that the field moves in every window, it must be a number and move at least three times as
 * far with the reads as without, and twice as fast, so that it does not merely follow the clock.
 */
export function movedByReads(quiet: readonly Window[], busy: readonly Window[], isLook: boolean): readonly Moved[] {
  const [first, second] = busy;
  if (first === undefined || second === undefined) return [];
  return first.changes.flatMap(change => {
    const { path } = change;
    const rest = Math.max(0, ...quiet.map(window => distance(window, path)));
    if (rest === 0) return [{ change, once: distance(second, path) === 0 }];
    return isLook && isFurther(quiet, busy, path) ? [{ change, once: false }] : [];
  });
}

function isFurther(quiet: readonly Window[], busy: readonly Window[], path: string): boolean {
  if (isTimeField(path)) return false;
  const [rest, least] = [Math.max(...quiet.map(of)), Math.min(...busy.map(of))];
  const [idle, active] = [Math.max(...quiet.map(speed)), Math.min(...busy.map(speed))];
  return least >= FURTHER * rest && active >= 2 * idle;

  function of(window: Window): number {
    return numberSteps(window, path);
  }

  function speed(window: Window): number {
    return of(window) / Math.max(1, window.durationUs);
  }
}

/** How far a field moved: the steps of its numbers, and one for each other change. */
function distance({ changes }: Window, path: string): number {
  const field = fieldOf(path);
  return changes.filter(one => fieldOf(one.path) === field).reduce((sum, one) => sum + (stepOf(one) ?? 1), 0);
}

function numberSteps({ changes }: Window, path: string): number {
  const field = fieldOf(path);
  return changes.filter(one => fieldOf(one.path) === field).reduce((sum, one) => sum + (stepOf(one) ?? 0), 0);
}

function stepOf({ before, after }: Difference): number | null {
  return typeof before === 'number' && typeof after === 'number' ? Math.abs(after - before) : null;
}

function fieldOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[*]');
}
