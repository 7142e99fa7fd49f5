import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { exchangeOf, lastOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Reading } from '../../core/reading.js';
import type { Scope } from '../../core/scope.js';
import { effects, later, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { cachedBy, changesBetween, isAbsent, isPresent, restlessPaths } from '../lib/http/state.js';
import { isCrash, voided } from '../lib/http/statuses.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { settle, writing } from '../lib/steps/writing.js';

/** What a deletion may take beside the lag of reads, milliseconds. */
const PATIENCE_MS = 5000;

/** Looks in between, milliseconds after the answer to the DELETE. */
const LOOKS_MS: readonly number[] = [0, 250, 750, 1500, 3000];

export const deleteThenGet = defineCheck({
  id: 'delete-then-get',
  group: 'delete',
  title: 'A deleted resource is gone',
  severity: 'medium',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.5', 'AIP-164', 'Zalando rule 148'],
  sends:
    'Creates a resource, reads it twice, deletes it, and reads it until it is gone, for as long as the lag of reads and 5 s more; where it has a list, counts it there before and afterwards.',
  judges:
    'Passes when the read is answered with 404 or 410 (or shows what the spec gives as `gone`) and the list no longer has it. Passes with a note when the resource can be read, but has changed: cancelled, archived, marked as deleted. Fails when it is read unchanged and still listed (where there is no list: read unchanged), when it is still listed, and when the read crashes, again on a fresh resource. Warns on a 403, and when it is read unchanged though no longer listed. Stays open when the answer came from a cache, or the DELETE was a 202 and nothing has happened yet.',
  expected: '404 or 410, and in no list.',
  why: 'What the API calls deleted and still gives out is a leak, and a client that checks whether its DELETE arrived deletes for ever.',
  fix: 'Make reads and lists look at the deletion mark; drop cached copies on DELETE.',
  guards: [
    'Fails only after the lag that the preflight measured and 5 s.',
    'A soft delete that shows in the resource is fine (AIP-164).',
    'The list is held against it only when the resource was seen in it before.',
    'Answers with an Age, or with a hit in X-Cache, decide nothing.',
  ],
  messages: {
    'still-readable': 'The resource was deleted ({deleted}), and is still read as if it were not, after {waited}.',
    'still-listed': 'The resource was deleted ({deleted}), and is still in the list after {waited}.',
    forbidden: 'Reading the deleted resource was answered with {status} where 404 or 410 is due.',
    crashed: 'Reading the deleted resource was answered with {status}.',
  },
  notes: {
    'soft-deleted': 'The resource can still be read, but has changed ({path}): it was taken for marked as deleted.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'delete') return skip('not the DELETE of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    if (resource.read === null) return skip('no read operation to see the state with');
    return { operation, resource, create: resource.create, read: resource.read };
  },

  *probe(target, tools) {
    const { operation, resource, read } = target;
    const { scope } = yield* make(resource, tools);
    yield* settle(tools);
    yield* send('before', outgoing(read, scope));
    yield* listed('listed-before', target, scope);
    yield* send('control', outgoing(read, scope));
    const removed = yield* writing('delete', outgoing(operation, scope, { key: tools.key() }), { resource, scope });
    if (!isSuccess(removed)) return;
    for (const ms of [...LOOKS_MS, PATIENCE_MS + tools.preflight.lagMs]) {
      if (ms > 0) yield* later('wait', ms, removed.endAtUs);
      const gone = yield* send('gone', outgoing(read, scope));
      const reading = yield* listed('listed', target, scope);
      if (!isPresent(resource, gone) && (reading?.count ?? 0) === 0) return;
    }
  },

  judge(target, evidence) {
    const { resource } = target;
    const [before, removed, gone] = [lastOf(evidence, 'before'), lastOf(evidence, 'delete'), lastOf(evidence, 'gone')];
    const unusable = voided(before, removed) ?? needsSuccess(before) ?? needsSuccess(removed);
    if (unusable !== null || !hasAnswer(removed)) return unusable ?? lostAnswer(removed);
    if (!hasAnswer(gone)) return lostAnswer(gone);
    const { status } = gone.response;
    if (voided(gone) !== null) return voided(gone) ?? lostAnswer(gone);
    if (isCrash(status)) return found(suspect('crashed', { status }, [removed, gone]));
    if (isPresent(resource, gone)) return stillThere(target, evidence, removed, gone);
    if (status === 403 && !isAbsent(resource, gone)) return found(warn('forbidden', { status }, [removed, gone]));
    if (!isAbsent(resource, gone)) {
      return inconclusive('control-failed', { detail: `the read after the DELETE was answered with ${status}` });
    }
    return isListed(evidence) ? inList(target, evidence, removed) : pass();
  },
});

/** The steps that are judged. */
type Steps = Evidence<'listed-before' | 'listed' | 'before' | 'control' | 'gone'>;

type Target = Pick<Subject, 'operation' | 'resource'> & { readonly create: Operation; readonly read: Operation };
type Judged = Verdict<'still-readable' | 'still-listed', 'soft-deleted'>;

/** Counts the resource in its list, by what every record of the scope shows. */
function* listed<const Label extends string>(label: Label, { resource, create }: Target, scope: Scope) {
  if (resource.list === null) return null;
  return yield* effects(label, { resource, operation: create, scope, seen: [] }, 'now');
}

/** Whether a reading comes from the list itself: a count of the user's own may well count what is marked as deleted. */
function countIn(reading: Reading | undefined): number | null {
  return reading !== undefined && (reading.kind === 'list' || reading.kind === 'filter') ? reading.count : null;
}

function wasListed(evidence: Steps): boolean {
  return (countIn(readingOf(evidence, 'listed-before')) ?? 0) > 0;
}

function isListed(evidence: Steps): boolean {
  const count = countIn(readingOf(evidence, 'listed'));
  return wasListed(evidence) && count !== null && count >= (countIn(readingOf(evidence, 'listed-before')) ?? 0);
}

function isUnlisted(evidence: Steps): boolean {
  return wasListed(evidence) && countIn(readingOf(evidence, 'listed')) === 0;
}

function stillThere({ resource }: Target, evidence: Steps, removed: Answered, gone: Answered): Judged {
  const cache = cachedBy(gone);
  if (cache !== null) return inconclusive('cached', { header: cache });
  const [before, control] = [exchangeOf(evidence, 'before'), exchangeOf(evidence, 'control')];
  const changes = changesBetween(control, gone, restlessPaths(resource, before, control));
  const [change] = changes ?? [];
  const isDeclared = resource.gone.kind === 'value';
  if (!isDeclared && change !== undefined) return pass([note('soft-deleted', { path: change.path })]);
  if (changes === null) return inconclusive('unsteady');
  const waited = waitedFor(removed, gone);
  if (statusOf(removed) === 202) return inconclusive('still-pending', { waited });
  if (gone.sentAtUs === null || isEarly(removed, gone)) return inconclusive('still-pending', { waited });
  const args = { deleted: statusOf(removed) ?? 0, waited };
  const level = isUnlisted(evidence) ? 'warn' : 'fail';
  return found(fail('still-readable', args, present(control, removed, gone), { level }));
}

/** Whether the last look came before a deletion had the time it may take. */
function isEarly(removed: Exchange, gone: Exchange): boolean {
  return gone.endAtUs - removed.endAtUs < PATIENCE_MS * 1000;
}

function waitedFor(removed: Exchange, gone: Exchange): string {
  return duration(Math.max(0, gone.endAtUs - removed.endAtUs) / 1_000_000);
}

function inList(_: Target, evidence: Steps, removed: Answered): Judged {
  const gone = lastOf(evidence, 'gone');
  const waited = gone === undefined ? '0 s' : waitedFor(removed, gone);
  if (statusOf(removed) === 202 || gone === undefined || isEarly(removed, gone)) {
    return inconclusive('still-pending', { waited });
  }
  const numbers = new Set(readingOf(evidence, 'listed')?.exchanges);
  const lists = evidence.exchanges.filter(({ n }) => numbers.has(n));
  return found(fail('still-listed', { deleted: statusOf(removed) ?? 0, waited }, present(removed, gone, ...lists)));
}
