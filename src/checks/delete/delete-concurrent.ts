import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Outgoing } from '../../core/resource.js';
import { effects, send, together } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, type Finding, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { cachedBy, changesBetween, isAbsent, isPresent, restlessPaths } from '../lib/http/state.js';
import { voided } from '../lib/http/statuses.js';
import { underVersion, versionOf } from '../lib/http/version.js';
import { isTwice, movement } from '../lib/judging/elsewhere.js';
import { crashedAlone, crashesIn, crashIn } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds, settledReading, type Counts } from '../lib/racing/racing.js';
import { attempt, settle, type Place } from '../lib/steps/writing.js';

/** Answers to the DELETEs that come too late: gone already, or met on the way. */
const LOSERS: readonly number[] = [404, 410, 409, 412, 423];

export const deleteConcurrent = defineCheck({
  id: 'delete-concurrent',
  group: 'delete',
  title: 'Simultaneous DELETEs of one resource delete it and crash nothing',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.5'],
  sends:
    'First one DELETE alone. Then in each round a fresh resource, the same DELETE several times at the same moment on warm connections, and a read. Where a DELETE was seen to move something on a parent, that is looked at before and after. The rounds grow wider. After a crash: the lone DELETE once more.',
  judges:
    'Passes when no DELETE crashed, no resource was left, and at least one round counts: one success, two requests in flight together, every request answered, none with 429, 502, 503 or 504. Fails when requests of two rounds are answered with a 500 (one round counts only when it comes again), and when a DELETE succeeded but the resource is still there, unchanged, in two reads, and when the DELETEs of a round moved a parent several times as far as one does (in a single round only when it comes again). Stays open when no requests overlapped.',
  expected: '2xx, 404 or 410 for every DELETE, and the resource is gone.',
  why: 'Two clicks, or a retry that overtakes a slow first try, delete at the same time. Deadlocks and "row was deleted by another transaction" then come out as a 500.',
  fix: 'Delete in one statement and look at the number of rows; catch the conflict and answer 404 or 204.',
  guards: [
    'A DELETE alone must work first; where a race crashed, a second one alone must not crash too.',
    'What a DELETE moves on a parent (a stock, a total) is learned from two lone ones; any other movement says nothing.',
    'Still there means present in two reads, unchanged, and not from a cache; a 202 may take its time.',
    'A 404, 410, 409, 412 or 423 is fine for those that come too late.',
  ],
  messages: {
    crashed: 'A DELETE of the race was answered with {status} (in {hits} of {rounds} rounds).',
    'effect-repeated':
      '{width} simultaneous DELETEs did {count} times what one does: {moved}; seen in {hits} of {rounds} rounds.',
    'still-there':
      '{deleted} of {width} simultaneous DELETEs succeeded, but the resource is still there; seen in {hits} of {rounds} rounds.',
  },
  notes: {
    'soft-deleted': 'The resource can still be read, but has changed: it was taken for marked as deleted.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'delete') return skip('not the DELETE of a resource');
    if (resource.create === null) return skip('no create operation to make something to delete');
    if (resource.read === null) return skip('no read operation to see the state with');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const made = yield* make(resource, tools);
    yield* settle(tools);
    const place = { resource, scope: made.scope };
    const alone = yield* attempt('alone', outgoing(operation, made.scope, { key: tools.key() }), place);
    if (!isSuccess(alone.exchange)) return;
    const isVersioned = alone.version !== null;
    let hasCrashed = false;
    yield* rounds(tools, function* (round, width) {
      const { scope } = yield* make(resource, tools);
      yield* settle(tools);
      const counted = { round, resource, operation, scope };
      const isSeen = tools.preflight.seesElsewhere === true;
      const since = isSeen ? yield* effects('elsewhere', { ...counted, seen: [] }, 'now') : null;
      const seen = yield* raced({ operation, read, place: { resource, scope }, isVersioned }, tools, round, width);
      hasCrashed ||= crashesIn([seen]).length > 0;
      return { counted: since === null ? null : { ...counted, seen, since } };
    });
    if (hasCrashed) yield* attempt('alone again', outgoing(operation, made.scope, { key: tools.key() }), place);
  },

  judge(target, evidence) {
    const alone = lastOf(evidence, 'alone');
    const unusable = voided(alone) ?? needsSuccess(alone);
    if (unusable !== null) return unusable;
    const played = roundsOf(evidence, 'race');
    const alike = crashedAlone(allOf(evidence, 'alone again'));
    const crash = alike === null ? crashIn(played) : null;
    return (
      findings([leftOver(target, evidence, played), doneAgain(evidence, played), crash]) ??
      alike ??
      clean(target, evidence, played)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<'after' | 'before' | Counts>;

type Target = Pick<Subject, 'operation' | 'resource'>;
type Round = readonly Exchange[];

interface Race {
  readonly operation: Operation;
  readonly read: Operation;
  readonly place: Place;
  readonly isVersioned: boolean;
}

function* raced({ operation, read, place, isVersioned }: Race, tools: Tools, round: number, width: number) {
  const look = outgoing(read, place.scope);
  const before = yield* send('before', look, round);
  const version = isVersioned ? versionOf(place.resource, before) : null;
  const one = (): Outgoing => {
    const plain = outgoing(operation, place.scope, { key: tools.key() });
    return version === null ? plain : underVersion(plain, place.resource, version);
  };
  const seen = yield* together('race', Array.from({ length: width }, one), { round, warmUp: look });
  yield* settle(tools);
  const after = yield* send('after', look, round);
  if (!isPresent(place.resource, after)) return seen;
  yield* settle(tools);
  yield* send('after', look, round);
  return seen;
}

/** What the DELETEs of a round did several times to a parent. */
function doneAgain(evidence: Steps, played: readonly Round[]): Finding<'effect-repeated'> | null {
  const hits = played.flatMap(round => {
    const reading = settledReading(evidence, round[0]?.round ?? 0);
    return isTwice(reading) ? [{ round, reading }] : [];
  });
  const [hit] = hits;
  if (hit === undefined) return null;
  const { round, reading } = hit;
  const args = { width: round.length, count: reading.count ?? 0, moved: movement(reading), hits: hits.length };
  const proof = hits.flatMap(one => one.round);
  return (hits.length > 1 ? fail : suspect)('effect-repeated', { ...args, rounds: played.length }, proof);
}

function leftOver(target: Target, evidence: Steps, played: readonly Round[]): Finding<'still-there'> | null {
  const hits = played.filter(round => isLeft(target, evidence, round));
  const [hit] = hits;
  if (hit === undefined) return null;
  const deleted = hit.filter(isSuccess).length;
  const args = { deleted, width: hit.length, hits: hits.length, rounds: played.length };
  const proof = hits.flatMap(round => [...round.filter(isSuccess), ...allOf(evidence, 'after', round[0]?.round)]);
  return fail('still-there', args, proof);
}

/** Whether a DELETE of the round was done with, and two reads show the resource as it was. */
function isLeft({ resource }: Target, evidence: Steps, round: Round): boolean {
  const at = round[0]?.round ?? 0;
  const [before, reads] = [exchangeOf(evidence, 'before', at), allOf(evidence, 'after', at)];
  const isDone = round.some(exchange => isSuccess(exchange) && exchange.response.status !== 202);
  const isSame = (read: Exchange) =>
    changesBetween(before, read, restlessPaths(resource, reads[0], reads[1]))?.length === 0;
  return (
    isDone &&
    reads.length > 1 &&
    reads.every(read => isPresent(resource, read) && cachedBy(read) === null && isSame(read))
  );
}

function clean({ resource }: Target, evidence: Steps, played: readonly Round[]): Verdict<never, 'soft-deleted'> {
  const counting = played.filter(round => counts(round) && round.some(isSuccess));
  const [first] = counting;
  if (first === undefined) {
    return played.some(round => counts(round)) ? inconclusive('no-effect') : noRound(played);
  }
  const afterOf = (round: Round) => lastOf(evidence, 'after', round[0]?.round);
  const gone = counting.filter(round => isAbsent(resource, afterOf(round)));
  const marked = counting.filter(round => isMarked(round));
  const ended = [...gone, ...marked];
  if (ended.length === 0) return unread(resource, afterOf(first));
  const odd = ended.flat().find(exchange => !isSuccess(exchange) && !LOSERS.includes(statusOf(exchange) ?? 0));
  return pass([
    odd !== undefined && note('status-outside', { status: statusOf(odd) ?? 0, expected: '404 or 410' }),
    marked.length > 0 && note('soft-deleted'),
    racePowerNote(ended),
  ]);

  function isMarked(round: Round): boolean {
    const [before, after] = [exchangeOf(evidence, 'before', round[0]?.round), afterOf(round)];
    return (
      isPresent(resource, after) &&
      (changesBetween(before, after, restlessPaths(resource, undefined, undefined)) ?? []).length > 0
    );
  }
}

function unread(resource: Target['resource'], after: Exchange | undefined): Verdict<never, never> {
  if (!hasAnswer(after)) return lostAnswer(after);
  const cache = cachedBy(after);
  if (cache !== null) return inconclusive('cached', { header: cache });
  const detail = isPresent(resource, after)
    ? 'the resource can still be read'
    : `the read was answered with ${after.response.status}`;
  return voided(after) ?? inconclusive('control-failed', { detail });
}
