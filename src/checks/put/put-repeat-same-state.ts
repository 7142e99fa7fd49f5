import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { isSuccess, statusOf } from '../../core/http.js';
import { effects, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { isObject, parseJson, type Difference } from '../lib/json.js';
import { changes, isTime } from '../lib/state.js';
import { isCrash, isRefusal, voided } from '../lib/statuses.js';
import { write } from '../lib/version.js';

export const putRepeatSameState = defineCheck({
  id: 'put-repeat-same-state',
  group: 'put',
  title: 'Repeating a PUT leaves the same state',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.4'],
  sends:
    'Creates a resource, reads it twice, puts a body, reads it, puts the same bytes again, reads it again; counts the records before and after.',
  judges:
    'Passes when both reads are equal but for times and versions. Fails when a field the client wrote, a list, a number or a boolean differs, when a record was added, or when the repeat is refused. Warns when another text differs.',
  expected: 'The second PUT changes nothing.',
  why: 'Clients and proxies repeat a PUT whose answer was lost; one that appends or counts does it twice.',
  fix: 'Replace the stored representation by the one in the request; derive nothing from the old state.',
  guards: [
    'What changes between two reads without a write is left out.',
    'Fields named like a version or the time of a change may differ.',
    'A 409, 412 or 428 on the repeat is answered with a fresh version.',
  ],
  messages: {
    'state-drifted': 'After the second, identical PUT {path} differs ({before} -> {after}).',
    'side-state-changed': 'The second, identical PUT changed {path}, which the client did not write.',
    'record-added': 'The second, identical PUT added a record ({before} -> {after}).',
    'repeat-refused': 'The second, identical PUT was answered with {status}.',
    'created-twice': 'Both PUTs to an existing resource were answered with 201.',
    crashed: 'The second, identical PUT was answered with {status}.',
  },
  notes: { 'version-moved': 'Only {paths} moved: a version or a time, which is allowed.' },

  select({ operation, resource }) {
    if (operation.method !== 'PUT' || operation.role !== 'replace') return skip('not a PUT that replaces a resource');
    if (resource.create === null) return skip('no create operation to make something to replace');
    if (resource.read === null) return skip('no read operation to see the state with');
    return { operation, resource, create: resource.create, read: resource.read };
  },

  *probe({ operation, resource, create, read }, tools) {
    const { scope, exchange } = yield* make(resource, tools);
    const subject = { resource, operation: create, scope, seen: [exchange] };
    yield* send('control', outgoing(read, scope));
    yield* send('control again', outgoing(read, scope));
    const first = yield* write('first', { operation, resource, scope }, { payload: 'body', key: tools.key() });
    if (!isSuccess(first)) return;
    yield* send('before', outgoing(read, scope));
    const counted = yield* effects('count before', subject, 'now');
    yield* write('repeat', { operation, resource, scope }, { payload: 'body', key: tools.key() });
    yield* send('after', outgoing(read, scope));
    yield* effects('count after', { ...subject, since: counted.value === null ? null : counted });
  },

  judge({ resource }, evidence) {
    const [first, repeat] = [evidence.all('first').at(-1), evidence.all('repeat').at(-1)];
    const [before, after] = [evidence.exchange('before'), evidence.exchange('after')];
    const unusable = needsSuccess(first) ?? needsSuccess(before);
    if (unusable !== null) return unusable;
    if (!hasAnswer(repeat)) return lostAnswer(repeat);
    const blocked = voided(repeat, after);
    if (blocked !== null) return blocked;
    const { status } = repeat.response;
    const drift = driftOf(
      changes(resource, evidence, before, after),
      changes(resource, evidence, evidence.exchange('control'), evidence.exchange('control again')),
      first?.request.body ?? null,
    );
    const proof = present(before, repeat, after);
    const [from, to] = [
      evidence.reading('count before')?.count ?? null,
      evidence.reading('count after')?.count ?? null,
    ];
    const isAdded = from !== null && to !== null && from >= 1 && to > from;
    const [lost] = drift.lost;
    const [side] = drift.side;
    const found = findings(
      [
        isCrash(status) && suspect('crashed', { status }, [repeat]),
        isRefusal(status) && fail('repeat-refused', { status }, present(first, repeat)),
        isAdded && fail('record-added', { before: from ?? 0, after: to ?? 0 }, proof),
        lost !== undefined &&
          fail('state-drifted', { path: lost.path, before: shown(lost.before), after: shown(lost.after) }, proof),
        side !== undefined && lost === undefined && warn('side-state-changed', { path: side.path }, proof),
        statusOf(first) === 201 && status === 201 && warn('created-twice', {}, present(first, repeat)),
      ],
      [],
    );
    if (found !== null) return found;
    const dead = needsSuccess(after);
    if (dead !== null) return dead;
    if (drift.isUnknown) return inconclusive('unsteady');
    return pass([
      drift.moved.length > 0 && note('version-moved', { paths: drift.moved.map(({ path }) => path).join(', ') }),
    ]);
  },
});

interface Drift {
  readonly lost: readonly Difference[];
  readonly side: readonly Difference[];
  readonly moved: readonly Difference[];
  readonly isUnknown: boolean;
}

function driftOf(
  between: readonly Difference[] | null,
  control: readonly Difference[] | null,
  sent: string | null,
): Drift {
  if (between === null) return { lost: [], side: [], moved: [], isUnknown: true };
  const restless = new Set((control ?? []).map(({ path }) => path));
  const written = writtenPaths(sent);
  const real = between.filter(({ path }) => !restless.has(path));
  const isWritten = ({ path }: Difference) =>
    written.some(own => path === own || path.startsWith(`${own}[`) || path.startsWith(`${own}.`));
  const moved = real.filter(one => isTime(one.path) && !isWritten(one));
  const rest = real.filter(one => !moved.includes(one));
  const lost = rest.filter(one => isWritten(one) || isHard(one));
  return { lost, side: rest.filter(one => !lost.includes(one)), moved, isUnknown: false };
}

/** A list that grew or shrank, a number or a boolean: nothing a repeat may change. */
function isHard({ path, before, after }: Difference): boolean {
  const isList = /\[\d+\]/.test(path) && (before === undefined || after === undefined);
  return (
    isList ||
    [before, after].some(value => typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
  );
}

function writtenPaths(sent: string | null): readonly string[] {
  const body = sent === null ? undefined : parseJson(sent);
  return isObject(body) ? Object.keys(body).map(name => `$.${name}`) : [];
}

function shown(value: unknown): string {
  return value === undefined
    ? 'absent'
    : String(JSON.stringify(typeof value === 'bigint' ? String(value) : value)).slice(0, 60);
}
