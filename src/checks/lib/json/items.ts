import type { Response } from '../../../core/http.js';
import type { Listing } from '../../../core/resource.js';
import { leavesOf } from './fields.js';
import { isObject, jsonOf } from './json.js';

/** The items of a list answer: where the spec says they stand, else the body or its first member that is an array. */
export function itemsIn({ items }: Pick<Listing, 'items'>, response: Response): readonly unknown[] {
  if (items !== null) return items.all(response).flatMap(found => (Array.isArray(found) ? found : [found]));
  const body = jsonOf(response);
  if (Array.isArray(body)) return body;
  return isObject(body) ? (Object.values(body).find(value => Array.isArray(value)) ?? []) : [];
}

/** The item that shows an id, as a value or at the end of a link. */
export function itemOf(items: readonly unknown[], id: string): unknown {
  return items.find(item => leavesOf(item).some(({ value }) => isId(value, id)));
}

/** How many items a later list has that an earlier one had not: by their ids, or where they have none, by their number. */
export function newItems(before: readonly unknown[], after: readonly unknown[]): number {
  const [known, ids] = [before.map(idOf), after.map(idOf)];
  if ([...known, ...ids].includes(null)) return Math.max(0, after.length - before.length);
  return ids.filter(id => !known.includes(id)).length;
}

function idOf(item: unknown): string | null {
  if (!isObject(item)) return typeof item === 'string' ? item : null;
  const id = item['id'] ?? item['uuid'] ?? item['_id'];
  return typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint' ? String(id) : null;
}

function isId(value: unknown, id: string): boolean {
  return (
    value !== null && (String(value) === id || (typeof value === 'string' && id !== '' && value.endsWith(`/${id}`)))
  );
}
