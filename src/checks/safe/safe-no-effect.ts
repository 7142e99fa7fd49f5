import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import type { Exchange } from '../../core/http.js';
import { effects, later, send } from '../../core/step.js';
import { fail, findings, inconclusive, pass, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { isObject, parseJson, type Difference } from '../lib/json.js';
import { changes } from '../lib/state.js';

/** Reads in each of the two windows. */
const READS = 3;
const WINDOW_MS = 300;

export const safeNoEffect = defineCheck({
  id: 'safe-no-effect',
  group: 'safe',
  title: 'Reading changes nothing',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.1'],
  sends:
    'Creates a resource and looks at it at the ends of two windows without reads; then the read three times, a look, three times again, a look; counts the records before and after.',
  judges:
    'Passes when nothing changed. Fails when reads added a record, or changed a field the client wrote, in both windows. Warns when another field moves with the reads.',
  expected: 'GET, HEAD and OPTIONS leave the resource and its collection as they were.',
  why: 'Crawlers, prefetching and retries read as often as they like, and trust that it costs nothing.',
  fix: 'Move the change to POST, or out of the representation.',
  guards: [
    'A field that also moves without reads is left out.',
    'A change must come in both windows.',
    'Nothing else of the run touches the resource meanwhile.',
  ],
  messages: {
    'record-created': '{reads} reads added {added} records.',
    'field-changed': '{path} changed by reading alone ({before} -> {after}).',
    'counter-changed': '{path}, which the client did not write, moves with every read.',
  },
  isolation: 'alone',

  select({ operation, resource }) {
    if (operation.role !== 'read' && operation.role !== 'list') return skip('not the read or the list of a resource');
    if (operation.method !== 'GET') return skip('not a safe method');
    if (resource.create === null) return skip('no create operation to make something to read');
    if (resource.read === null) return skip('no read operation to see the state with');
    return { operation, resource, create: resource.create, read: resource.read };
  },

  *probe({ operation, resource, create, read }, tools) {
    const { scope, exchange } = yield* make(resource, tools);
    const subject = { resource, operation: create, scope, seen: [exchange] };
    yield* later('settle', tools.baseline.settleMs);
    yield* effects('count before', subject, 'now');
    yield* send('look', outgoing(read, scope), 0);
    yield* later('quiet', WINDOW_MS);
    yield* send('look', outgoing(read, scope), 1);
    yield* later('quiet', WINDOW_MS);
    yield* send('look', outgoing(read, scope), 2);
    for (const window of [3, 4]) {
      for (let at = 0; at < READS; at++) yield* send('read', outgoing(operation, scope), window);
      yield* later('quiet', WINDOW_MS);
      yield* send('look', outgoing(read, scope), window);
    }
    yield* effects('count after', subject);
  },

  judge({ resource, operation, create }, evidence) {
    const looks = evidence.all('look');
    for (const look of looks) {
      const unusable = needsSuccess(look);
      if (unusable !== null) return unusable;
    }
    const reads = evidence.all('read');
    if (looks.length < 5 || reads.length < 2 * READS) return lostAnswer(looks[4]);
    const silent = reads.find(read => !hasAnswer(read));
    if (silent !== undefined) return lostAnswer(silent);
    const [from, to] = [
      evidence.reading('count before')?.count ?? null,
      evidence.reading('count after')?.count ?? null,
    ];
    const added = create.marked && from !== null && to !== null && from >= 1 ? to - from : 0;
    const window = (a: number, b: number) => changes(resource, evidence, looks[a], looks[b]) ?? [];
    const quiet = [window(0, 1), window(1, 2)];
    const busy = [window(2, 3), window(3, 4)];
    const isLook = operation.role === 'read';
    const moved = movedByReads(busy, quiet, isLook);
    const written = writtenBy(evidence.exchange('create'));
    const field = moved.find(({ path }) =>
      written.some(own => path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`)),
    );
    const [counter] = moved;
    const proof = present(...looks);
    const found = findings([
      added > 0 && fail('record-created', { reads: reads.length + looks.length, added }, present(...reads, ...looks)),
      field !== undefined &&
        fail('field-changed', { path: field.path, before: String(field.before), after: String(field.after) }, proof),
      counter !== undefined && field === undefined && warn('counter-changed', { path: counter.path }, proof),
    ]);
    if (found !== null) return found;
    const isRestless = quiet.some(changed => changed.length > 0);
    return isRestless && moved.length === 0 && busy.some(changed => changed.length > 0)
      ? inconclusive('unsteady')
      : pass();
  },
});

/**
 * The changes that belong to the reads: they come in both windows with reads and in none without; or, where a look is
 * itself such a read, the field moves at least twice as far with four reads as with one.
 */
function movedByReads(
  busy: readonly (readonly Difference[])[],
  quiet: readonly (readonly Difference[])[],
  isLook: boolean,
): readonly Difference[] {
  const [first = [], second = []] = busy;
  const atRest = (path: string) => Math.max(...quiet.map(changed => distance(changed, path)));
  return first.filter(({ path }) => {
    const least = Math.min(distance(first, path), distance(second, path));
    const rest = atRest(path);
    if (rest === 0) return least > 0;
    return isLook && least >= 2 * rest;
  });
}

/** How far a field moved: the sum of its numbers' steps, or the number of places that changed; indexes count as one field. */
function distance(changed: readonly Difference[], path: string): number {
  const field = fieldOf(path);
  return changed
    .filter(one => fieldOf(one.path) === field)
    .reduce((sum, { before, after }) => {
      const step = typeof before === 'number' && typeof after === 'number' ? Math.abs(after - before) : 1;
      return sum + step;
    }, 0);
}

function fieldOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '[*]');
}

function writtenBy(create: Exchange | undefined): readonly string[] {
  const body = create === undefined || create.request.body === null ? undefined : parseJson(create.request.body);
  return isObject(body) ? Object.keys(body).map(name => `$.${name}`) : [];
}
