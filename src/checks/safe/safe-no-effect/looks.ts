import { outgoing } from '../../../core/arrange.js';
import type { Subject } from '../../../core/check.js';
import { exchangeOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import { withValues, type Scope } from '../../../core/scope.js';
import { send } from '../../../core/step.js';
import { isVersionField } from '../../lib/json/fields.js';
import { itemOf, itemsIn, newItems } from '../../lib/json/items.js';
import { differences, jsonOf } from '../../lib/json/json.js';
import { NEXT_SECOND_MS } from '../../lib/steps/writing.js';
import type { Window } from '../safe-no-effect/windows.js';

/** Reads by each method in each of the two windows. */
export const READS = 3;

/** Windows without reads, milliseconds: the longer one lets times in whole seconds show that they move by themselves. */
export const QUIET_MS: readonly number[] = [300, NEXT_SECOND_MS];

/** Looks: before, between and after two quiet and two busy windows. */
export const LOOKS: readonly number[] = [0, 1, 2, 3, 4];

/** The look after one more quiet window, where reads took longer than both before them: a slow API, a limited pace. */
export const EXTRA_LOOK = 5;

interface Look {
  readonly label: 'item' | 'listing' | 'collection' | 'parent';
  readonly sent: Outgoing;
}

/** The looks at a resource through one operation, as windows. */
export interface Watch {
  readonly quiet: readonly Window[];
  readonly busy: readonly Window[];
  /** The look is itself a read of the kind that is checked. */
  readonly isLook: boolean;
  readonly proof: readonly Exchange[];
}

/** New records per window, in the list that was looked at. */
export interface Additions {
  readonly quiet: number;
  /** The windows without reads were long enough, taken together, to show what others add. */
  readonly isWatched: boolean;
  readonly busy: readonly [number, number];
  readonly proof: readonly Exchange[];
}

/** The steps that are judged. */
export type Steps = Evidence<Look['label'] | 'create' | 'GET' | 'counted'>;

/** What lay in a window between two looks, in their order. */
function inWindows<T>(windows: readonly T[]): { readonly quiet: readonly T[]; readonly busy: readonly T[] } {
  const [first, second] = [QUIET_MS.length, LOOKS.length - 1];
  return { quiet: [...windows.slice(0, first), ...windows.slice(second)], busy: windows.slice(first, second) };
}

/** What to look with: never with the operation that is checked, unless nothing else shows the resource. */
export function* looksAt(subject: Subject, scope: Scope, id: string | null) {
  return [...(yield* looksAtOwn(subject, scope, id)), ...looksAtParent(subject, scope)];
}

/** The nearest parent that can be read: made for the case, so that nobody else moves it. */
function looksAtParent({ operation, resource }: Subject, scope: Scope): readonly Look[] {
  if (operation.role !== 'read' || resource.create === null) return [];
  const near = resource.parents.findLast(({ create, read }) => create !== null && read?.method === 'GET');
  const id = near === undefined ? undefined : scope.values[`${near.name}.id`];
  if (near?.read === undefined || near.read === null || id === undefined) return [];
  return [{ label: 'parent', sent: outgoing(near.read, withValues(scope, { id })) }];
}

function* looksAtOwn({ operation, resource }: Subject, scope: Scope, id: string | null) {
  const item =
    resource.read === null || id === null ? [] : [{ label: 'item' as const, sent: outgoing(resource.read, scope) }];
  if (resource.list === null || resource.list.operation.method !== 'GET') return item;
  const sent = outgoing(resource.list.operation, scope);
  const path = sent.request.path.replace(/\?.*/s, '');
  const whole = { label: 'collection' as const, sent: { ...sent, request: { ...sent.request, path } } };
  const lists = [{ label: 'listing' as const, sent }, ...(path === sent.request.path ? [] : [whole])];
  if (operation.role !== 'read' || id === null) return [...item, ...lists];
  const trial = yield* send('trial', sent);
  const isListed = isSuccess(trial) && itemOf(itemsIn(resource.list, trial.response), id) !== undefined;
  return isListed ? lists : [...item, ...lists];
}

/** The looks of a label, when all of them were answered with success. */
function looksOf(evidence: Steps, label: Look['label']): readonly Answered[] | null {
  const looks = [...LOOKS, EXTRA_LOOK].flatMap(round => exchangeOf(evidence, label, round) ?? []);
  const answered = looks.filter(isSuccess);
  return looks.length >= LOOKS.length && answered.length === looks.length ? answered : null;
}

/** The looks at the resource itself, or at it in its list; `null` when nothing shows it. */
export function watchedItem({ operation, resource }: Subject, evidence: Steps): Watch | null {
  const ignored = [
    ...resource.volatile.map(({ text }) => text),
    ...evidence.preflight.volatile.filter(path => !isVersionField(path) && !/(?:seen|access|view|read)/i.test(path)),
  ];
  const items = looksOf(evidence, 'item');
  if (items !== null) {
    const documents = items.map(({ response }) => jsonOf(response) ?? response.body);
    return watched(items, documents, ignored, operation.role === 'read');
  }
  const [lists, made] = [looksOf(evidence, 'listing'), exchangeOf(evidence, 'create')];
  const id = made !== undefined && isSuccess(made) ? resource.id.of(made.response) : null;
  const { list } = resource;
  if (lists === null || list === null || id === null) return null;
  const documents = lists.map(({ response }) => itemOf(itemsIn(list, response), id));
  return documents.includes(undefined) ? null : watched(lists, documents, ignored, operation.role === 'list');
}

/** The looks at the parent; `null` when it was not seen each time. */
export function watchedParent(evidence: Steps): Watch | null {
  const looks = looksOf(evidence, 'parent');
  if (looks === null) return null;
  const documents = looks.map(({ response }) => jsonOf(response) ?? response.body);
  return watched(looks, documents, [], false);
}

function watched(
  looks: readonly Answered[],
  documents: readonly unknown[],
  ignored: readonly string[],
  isLook: boolean,
): Watch {
  const windows = looks.slice(1).map((look, at): Window => ({
    changes: differences(documents[at], documents[at + 1], ignored),
    durationUs: look.endAtUs - (looks[at]?.endAtUs ?? 0),
  }));
  return { ...inWindows(windows), isLook, proof: looks };
}

/** The new records per window in one list; `null` when it was not seen each time. */
export function additions({ resource: { list } }: Subject, evidence: Steps, label: Look['label']): Additions | null {
  const looks = looksOf(evidence, label);
  if (looks === null || list === null) return null;
  const items = looks.map(({ response }) => itemsIn(list, response));
  const added = inWindows(items.slice(1).map((after, at) => newItems(items[at] ?? [], after)));
  const took = inWindows(looks.slice(1).map((look, at) => look.endAtUs - (looks[at]?.endAtUs ?? 0)));
  const quietUs = took.quiet.reduce((sum, us) => sum + us, 0);
  const [first = 0, second = 0] = added.busy;
  return {
    quiet: Math.max(...added.quiet),
    isWatched: quietUs >= Math.max(...took.busy),
    busy: [first, second],
    proof: looks,
  };
}

/** The list in which new records can be told to come from the reads; `null` when there is none. */
export function watchedList(target: Subject, evidence: Steps): Additions | null {
  const lists = (['collection', 'listing'] as const).map(label => additions(target, evidence, label));
  return lists.find(list => list !== null && list.quiet === 0 && list.isWatched) ?? null;
}
