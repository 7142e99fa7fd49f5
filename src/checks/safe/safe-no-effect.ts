import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, readingOf } from '../../core/evidence.js';
import { effects, later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { fieldsIn, isFieldAt, isOfAnswer, isOfReads, isTimeField, isVersionField } from '../lib/json/fields.js';
import { readable } from '../lib/steps/readable.js';
import { whyNoRead } from '../lib/steps/reads.js';
import { settle } from '../lib/steps/writing.js';
import {
  READS,
  QUIET_MS,
  LOOKS,
  EXTRA_LOOK,
  type Steps,
  type Watch,
  type Additions,
  looksAt,
  watchedItem,
  additions,
  watchedList,
  watchedParent,
} from './safe-no-effect/looks.js';
import { movedByReads, type Moved } from './safe-no-effect/windows.js';

const METHODS = ['GET', 'HEAD', 'OPTIONS'] as const;

export const safeNoEffect = defineCheck({
  id: 'safe-no-effect',
  group: 'safe',
  title: 'Reading changes nothing',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.1'],
  sends:
    'Creates a resource and looks at it, at its list and at its parent; lets two windows pass without reads, looking after each; then, twice, sends the GET three times, and HEAD and OPTIONS to the same address, and looks again. Looks go through the list where the read itself is checked, and the other way round.',
  judges:
    'Passes when nothing changed that does not change by itself. Fails when reads add a record, when they change a field the client wrote, and when they change its parent (but for a count of reads, a version, a time). Warns when they move another field of the resource: a counter, a time. What comes in one of the two windows alone must come again on a fresh resource. Stays open when nothing can be looked at, or what the client wrote changes without reads.',
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
    'elsewhere-changed': 'Reads changed {path} of the parent, another resource, from {before} to {after}.',
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
      elsewhere(evidence),
      ...recordFindings(target, evidence, list),
    ]);
    if (found !== null) return found;
    const open = voided(
      ...gets,
      ...allOf(evidence, 'item'),
      ...allOf(evidence, 'listing'),
      ...allOf(evidence, 'parent'),
    );
    if (open !== null) return open;
    if (item === null && list === null) return inconclusive('oracle-blind');
    if (item !== null && isRestless(evidence, item)) return inconclusive('unsteady');
    return pass([item === null && note('fields-unwatched'), list === null && note('records-unwatched')]);
  },
});

/** About how long a window with reads takes, milliseconds: one without them must not be shorter. */
function busyMs({ preflight }: Tools): number {
  return METHODS.length * READS * preflight.p95Ms + 3 * preflight.lagMs;
}

/** By how much the quiet windows together fall short of the longer busy one; `ends` = when each look was over. */
function quietMissing(ends: readonly number[]): number {
  const [, , quietEnd = 0, between = 0, end = 0] = ends;
  return Math.max(between - quietEnd, end - between) - (quietEnd - (ends[0] ?? 0));
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

/** What reads did to the parent of what they read. */
function elsewhere(evidence: Steps): Finding<'elsewhere-changed'> | false {
  const parent = watchedParent(evidence);
  if (parent === null) return false;
  const isLegal = (path: string) => isOfAnswer(path) || isVersionField(path) || isTimeField(path) || isOfReads(path);
  const moved = movedByReads(parent.quiet, parent.busy, false).find(({ change: { path } }) => !isLegal(path));
  if (moved === undefined) return false;
  const { path, before, after } = moved.change;
  const args = { path, before: shown(before), after: shown(after) };
  return (moved.once ? suspect : fail)('elsewhere-changed', args, [...parent.proof, ...allOf(evidence, 'GET')]);
}

function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)).slice(0, 60);
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
