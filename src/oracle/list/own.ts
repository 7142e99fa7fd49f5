import type { Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import type { Counted } from '../../core/step.js';
import { isMembers, isRecordOf, leavesIn, nameOf, parsed } from './answer.js';

/** Whether the records of a scope tell by themselves whose they are: by its marker, or by an id the client chose. */
function isRecognisable({ operation, resource, scope }: Counted): boolean {
  return operation.marked || ownIdOf(resource, scope) !== null;
}

/** Whether the items of a list show the marker their records were made with, as far as that was seen. */
export type MarkerIs = 'shown' | 'omitted' | 'unknown';

/**
 * The items of a list that are records of a scope: those that carry its marker or its client-chosen id. Where the list
 * leaves the marker out, as the record of a known id shows it to, and where there is none, those that were not there at the
 * reading to count from. `null` = nothing can be said.
 */
export function ownItems(
  items: readonly unknown[],
  counted: Counted,
  known: readonly string[],
  marker: MarkerIs,
): { readonly items: readonly unknown[]; readonly omitsMarker: boolean } | null {
  const carriers = items.filter(item => carries(item, counted));
  const isBare = (item: unknown) =>
    !carriers.includes(item) && known.some(id => isRecordOf(item, id, counted.resource));
  const isOmitted = marker === 'omitted' || (marker === 'unknown' && items.some(isBare));
  if (isRecognisable(counted) && !isOmitted) return { items: carriers, omitsMarker: false };
  const fresh = newItems(items, counted, known);
  return fresh === null ? null : { items: fresh, omitsMarker: isOmitted };
}

function carries(item: unknown, { operation, resource, scope }: Counted): boolean {
  if (operation.marked && JSON.stringify(item).includes(scope.marker)) return true;
  const own = ownIdOf(resource, scope);
  return own !== null && leavesIn(item).some(({ text }) => text === own || text.endsWith(`/${own}`));
}

/** The id the client chose for the record of a scope; `null` where the server chooses. */
function ownIdOf({ id }: Resource, { values }: Scope): string | null {
  const own = id.chosenBy === 'client' ? values['id'] : undefined;
  return own === undefined || own === null || own === '' ? null : String(own);
}

/**
 * The records that were not there at the reading to count from, and that say what a seen request said: another client
 * may have made records meanwhile, and the run itself in other scopes. Without such a reading nothing has happened yet; after one that failed nothing can
 * be said, unless every record the list shows is known.
 */
function newItems(
  items: readonly unknown[],
  { seen, since, resource, foreign = [] }: Counted,
  known: readonly string[],
): readonly unknown[] | null {
  if (since === null && seen.length === 0) return [];
  const isKnown = (item: unknown) => known.some(id => isRecordOf(item, id, resource));
  if (since === null || since.count === null || since.listed === undefined) {
    return items.length > 0 && items.every(isKnown) ? items : null;
  }
  const others = new Set([...since.listed, ...foreign.filter(id => !known.includes(id))]);
  const sent = seen.map(({ request }) => parsed(request.body ?? '')).filter(isMembers);
  return items.filter(
    item =>
      !others.has(nameOf(item, resource)) &&
      (isKnown(item) || sent.length === 0 || sent.some(body => isLike(item, body))),
  );
}

/** Whether an item says nothing else than a body in the plain fields they share. */
function isLike(item: unknown, body: Readonly<Record<string, unknown>>): boolean {
  if (!isMembers(item)) return true;
  return Object.entries(body).every(
    ([name, value]) => typeof value === 'object' || !(name in item) || String(item[name]) === String(value),
  );
}
