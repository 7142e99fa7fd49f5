import type { World, WorldRead } from '../../core/reading.js';
import { amountIn, differenceOf, isAmount } from './decimal.js';

/** Where something moved: the read that shows it, and the path in its answer; `$` is the whole answer. */
export interface Place {
  readonly read: string;
  readonly path: string;
}

/**
 * One thing that moved between two looks. `number`: by how much, in exact decimals. `items`: what came into an array and
 * left it. Of all else the JSON text on either side.
 */
export type Change = Place &
  (
    | { readonly kind: 'number'; readonly from: string; readonly to: string; readonly by: string }
    | { readonly kind: 'items'; readonly appeared: readonly string[]; readonly vanished: readonly string[] }
    | { readonly kind: 'appeared'; readonly to: string }
    | { readonly kind: 'vanished'; readonly from: string }
    | { readonly kind: 'changed'; readonly from: string; readonly to: string }
  );

/** The answer is not there any more: nothing in it can be compared. */
export const GONE = 'gone';

/** What moved between two looks at the same reads. A read that only one of them holds is not compared. */
export function changesBetween(before: World, after: World): readonly Change[] {
  return before.flatMap(one => {
    const other = after.find(({ name }) => name === one.name);
    return other === undefined ? [] : changesOf(one, other);
  });
}

/** Where something moved, as one text. */
export function placeOf({ read, path }: Place): string {
  return `${read} ${path}`;
}

function changesOf({ name: read, members: from }: WorldRead, { members: to }: WorldRead): readonly Change[] {
  if (from === null && to === null) return [];
  if (from === null) return [{ read, path: '$', kind: 'appeared', to: 'there' }];
  if (to === null) return [{ read, path: '$', kind: 'changed', from: 'there', to: GONE }];
  const paths = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...paths].flatMap(path => changeOf({ read, path }, from[path], to[path]) ?? []);
}

type Member = string | readonly string[] | undefined;

function changeOf(place: Place, from: Member, to: Member): Change | null {
  if (isItems(from) || isItems(to)) return itemsChange(place, from, to);
  if (from === to) return null;
  if (to === undefined) return from === undefined ? null : { ...place, kind: 'vanished', from };
  // A number that was not there, or null, was none so far.
  const start = from === undefined || from === 'null' ? (to.startsWith('"') ? null : '0') : from;
  if (start !== null && isAmount(start) && isAmount(to)) return numberChange(place, amountIn(start), amountIn(to));
  return from === undefined ? { ...place, kind: 'appeared', to } : { ...place, kind: 'changed', from, to };
}

function numberChange(place: Place, from: string, to: string): Change | null {
  const by = differenceOf(from, to);
  return Number(by) === 0 ? null : { ...place, kind: 'number', from, to, by };
}

function itemsChange(place: Place, from: Member, to: Member): Change | null {
  const [before, after] = [isItems(from) ? from : [], isItems(to) ? to : []];
  const [appeared, vanished] = [without(after, before), without(before, after)];
  return appeared.length + vanished.length === 0 ? null : { ...place, kind: 'items', appeared, vanished };
}

/** The items of one list that are not in another, each as often as it stands there more often. */
function without(items: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return items.filter(item => {
    const rest = left.get(item) ?? 0;
    left.set(item, rest - 1);
    return rest <= 0;
  });
}

function isItems(member: Member): member is readonly string[] {
  return typeof member === 'object';
}
