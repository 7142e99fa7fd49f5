import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Answered, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { fieldsIn, isFieldAt, isOfAnswer, isVersionField } from '../lib/json/fields.js';
import { itemOf, itemsIn, newItems } from '../lib/json/items.js';
import { differences, jsonOf } from '../lib/json/json.js';
import { readable } from '../lib/steps/readable.js';
import { whyNoRead } from '../lib/steps/reads.js';
import { NEXT_SECOND_MS, settle } from '../lib/steps/writing.js';
import { movedByReads, type Moved, type Window } from './safe-no-effect/windows.js';

/** Reads by each method in each of the two windows. */
const READS = 3;
const METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;

/** Windows without reads, milliseconds: the longer one lets times in whole seconds show that they move by themselves. */
const QUIET_MS: readonly number[] = [300, NEXT_SECOND_MS];

/** Looks: before, between and after two quiet and two busy windows. */
const LOOKS: readonly number[] = [0, 1, 2, 3, 4];

/** The look after one more quiet window, where reads took longer than both before them: a slow API, a limited pace. */
const EXTRA_LOOK = 5;

export const safeNoEffect = defineCheck({
  id: 'safe-no-effect',
  group: 'safe',
  title: 'Reading changes nothing',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.1'],
  sends:
    'Creates a resource and looks at it and at its list; lets two windows pass without reads, looking after each; then, twice, sends the GET three times, and HEAD and OPTIONS to the same address, and looks again. Looks go through the list where the read itself is checked, and the other way round.',
  judges:
    'Passes when nothing changed that does not change by itself. Fails when reads add a record, and when they change a field the client wrote. Warns when they move another field of the resource: a counter, a time. What comes in one of the two windows alone must come again on a fresh resource. Stays open when nothing can be looked at, or what the client wrote changes without reads.',
  expected: 'GET, HEAD and OPTIONS leave the resource and its collection as they were.',
  why: 'Crawlers, prefetching browsers, proxies and monitors read as often as they like: what a read changes, they change.',
  fix: 'Move the change to a POST, or out of the representation (an access log is fine).',
  guards: [
    'Nothing else of the run touches the resource meanwhile.',
    'Two windows without reads come first, and where reads took longer than both a third at the end: what changes in them is left out.',
    'Where the look is itself a read, a number must move further and faster with more reads.',
    'Records without the marker may be those of others: they must come in both windows, and again.',
  ],
  messages: {
    'record-created': 'Reads added {added} records to the list.',
    'field-changed': 'Reads changed {path}, which the client wrote, from {before} to {after}.',
    'counter-changed': 'Reads moved {path} from {before} to {after}.',
  },
  notes: {
    'records-unwatched':
      'Whether reads add records could not be seen: there is no list, or others change it meanwhile.',
    'fields-unwatched': 'Whether reads change the resource could not be seen: only the list was looked at.',
  },
  isolation: 'alone',

  select(subject) {
    const reason = whyNoRead(subject);
    if (reason !== null) return skip(reason);
    const { create, read, list } = subject.resource;
    if (list === null && (create === null || read === null)) return skip('nothing shows whether anything has changed');
    return subject;
  },

  *probe(subject, tools) {
    const { operation, resource } = subject;
    const { scope, id } = yield* readable(subject, tools);
    const tested = outgoing(operation, scope);
    const looks = yield* looksAt(subject, scope, id);
    const look = function* (round: number) {
      let endAtUs = 0;
      for (const { label, sent } of looks) ({ endAtUs } = yield* send(label, sent, round));
      if (resource.count !== null && resource.create !== null) {
        yield* effects('counted', { resource, operation: resource.create, scope, seen: [], round }, 'now');
      }
      return endAtUs;
    };
    const ends = [yield* look(0)];
    for (const [at, ms] of QUIET_MS.entries()) {
      yield* later('quiet', Math.max(ms, busyMs(tools)));
      ends.push(yield* look(at + 1));
    }
    for (const round of LOOKS.slice(QUIET_MS.length + 1)) {
      for (const method of METHODS) {
        const request = method === 'GET' ? tested.request : { ...tested.request, method, body: null };
        for (let at = 0; at < READS; at++) yield* send(method, { ...tested, request }, round);
      }
      yield* settle(tools);
      ends.push(yield* look(round));
    }
    const missingMs = quietMissing(ends) / 1000;
    if (missingMs <= 0) return;
    yield* later('quiet', missingMs);
    yield* look(EXTRA_LOOK);
  },

  judge(target, evidence) {
    const gets = allOf(evidence, 'GET');
    for (const get of gets.slice(0, 1)) {
      const unusable = voided(get) ?? needsSuccess(get);
      if (unusable !== null) return unusable;
    }
    const silent = gets.find(get => !hasAnswer(get));
    if (silent !== undefined || gets.length < 2 * READS) return lostAnswer(silent);
    const [item, list] = [watchedItem(target, evidence), watchedList(target, evidence)];
    const found = findings([
      ...(item === null ? [] : fieldFindings(evidence, item)),
      ...recordFindings(target, evidence, list),
    ]);
    if (found !== null) return found;
    const open = voided(...gets, ...allOf(evidence, 'item'), ...allOf(evidence, 'listing'));
    if (open !== null) return open;
    if (item === null && list === null) return inconclusive('oracle-blind');
    if (item !== null && isRestless(evidence, item)) return inconclusive('unsteady');
    return pass([item === null && note('fields-unwatched'), list === null && note('records-unwatched')]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<Look['label'] | 'create' | 'GET' | 'counted'>;

/** About how long a window with reads takes, milliseconds: one without them must not be shorter. */
function busyMs({ baseline }: Tools): number {
  return METHODS.length * READS * baseline.p95Ms + 3 * baseline.lagMs;
}

/** By how much the quiet windows together fall short of the longer busy one; `ends` = when each look was over. */
function quietMissing(ends: readonly number[]): number {
  const [, , quietEnd = 0, between = 0, end = 0] = ends;
  return Math.max(between - quietEnd, end - between) - (quietEnd - (ends[0] ?? 0));
}

/** What lay in a window between two looks, in their order. */
function inWindows<T>(windows: readonly T[]): { readonly quiet: readonly T[]; readonly busy: readonly T[] } {
  const [first, second] = [QUIET_MS.length, LOOKS.length - 1];
  return { quiet: [...windows.slice(0, first), ...windows.slice(second)], busy: windows.slice(first, second) };
}

interface Look {
  readonly label: 'item' | 'listing' | 'collection';
  readonly sent: Outgoing;
}

/** The looks at a resource through one operation, as windows. */
interface Watch {
  readonly quiet: readonly Window[];
  readonly busy: readonly Window[];
  /** The look is itself a read of the kind that is checked. */
  readonly isLook: boolean;
  readonly proof: readonly Exchange[];
}

/** What to look with: never with the operation that is checked, unless nothing else shows the resource. */
function* looksAt({ operation, resource }: Subject, scope: Scope, id: string | null) {
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

function watchedItem({ operation, resource }: Subject, evidence: Steps): Watch | null {
  const ignored = [
    ...resource.volatile.map(({ text }) => text),
    ...evidence.baseline.volatile.filter(path => !isVersionField(path) && !/(?:seen|access|view|read)/i.test(path)),
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

function isWritten(evidence: Steps, path: string): boolean {
  const made = exchangeOf(evidence, 'create');
  return made !== undefined && fieldsIn(made.request).some(leaf => isFieldAt(leaf.path, path));
}

function fieldFindings(evidence: Steps, { quiet, busy, isLook, proof }: Watch) {
  const moved = movedByReads(quiet, busy, isLook).filter(({ change: { path } }) => !isOfAnswer(path));
  const isOwn = ({ change: { path } }: Moved) => isWritten(evidence, path) && !isVersionField(path);
  const [field, other] = [moved.find(isOwn), moved.find(one => !isOwn(one))];
  const args = ({ change: { path, before, after } }: Moved) => ({ path, before: shown(before), after: shown(after) });
  const reads = [...proof, ...allOf(evidence, 'GET')];
  return [
    field !== undefined && (field.once ? suspect : fail)('field-changed', args(field), reads),
    other !== undefined &&
      (other.once
        ? suspect('counter-changed', args(other), reads, { level: 'warn' })
        : warn('counter-changed', args(other), reads)),
  ];
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)).slice(0, 60);
}

/** New records per window, in the list that was looked at. */
interface Additions {
  readonly quiet: number;
  /** The windows without reads were long enough, taken together, to show what others add. */
  readonly isWatched: boolean;
  readonly busy: readonly [number, number];
  readonly proof: readonly Exchange[];
}

function additions({ resource: { list } }: Subject, evidence: Steps, label: Look['label']): Additions | null {
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
function watchedList(target: Subject, evidence: Steps): Additions | null {
  const lists = (['collection', 'listing'] as const).map(label => additions(target, evidence, label));
  return lists.find(list => list !== null && list.quiet === 0 && list.isWatched) ?? null;
}

function recordFindings(
  target: Subject,
  evidence: Steps,
  list: Additions | null,
): readonly (Finding<'record-created'> | false)[] {
  const own = target.resource.list?.filtered === true ? additions(target, evidence, 'listing') : null;
  const gets = allOf(evidence, 'GET');
  const isLook = target.operation.role === 'list';
  const made = (seen: Additions | null, isSure: boolean) => {
    if (seen === null) return false;
    const [first, second] = seen.busy;
    const least = Math.min(first, second);
    const isAdding = seen.quiet === 0 ? (isSure ? first + second : least) > 0 : isLook && least >= seen.quiet + READS;
    if (!isAdding) return false;
    const args = { added: first + second };
    return (isSure && least > 0 ? fail : suspect)('record-created', args, [...seen.proof, ...gets]);
  };
  return [made(own, true) || made(list, false) || byCommand(evidence)];
}

/** More records by the user's own command after the reads, and none without them. */
function byCommand(evidence: Steps): Finding<'record-created'> | false {
  const counts = LOOKS.map(round => readingOf(evidence, 'counted', round));
  const [start, , quiet, , end] = counts.map(reading => (reading?.kind === 'command' ? reading.count : null));
  if (start === undefined || start === null || start !== quiet || end === undefined || end === null || end <= start) {
    return false;
  }
  return fail('record-created', { added: end - start }, allOf(evidence, 'GET'));
}

/** Whether what the client wrote changes even without reads, or a look too many hides whether reads change it. */
function isRestless(evidence: Steps, { quiet }: Watch): boolean {
  return quiet.some(({ changes }) => changes.some(({ path }) => path === '$' || isWritten(evidence, path)));
}
