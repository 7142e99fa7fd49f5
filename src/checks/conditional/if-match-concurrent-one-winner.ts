import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, lastOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { later, send, together } from '../../core/step.js';
import { fail, inconclusive, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, listed, voided } from '../lib/http/statuses.js';
import {
  isSameVersion,
  offersControl,
  refusalsOf,
  underVersion,
  versionOf,
  type Version,
} from '../lib/http/version.js';
import { onlyIn, shows } from '../lib/json/fields.js';
import { jsonOf } from '../lib/json/json.js';
import { found } from '../lib/judging/found.js';
import { crashed } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing/racing.js';
import { bodiesOf, severalWinners, winnersOf } from '../lib/racing/winners.js';
import { warmUp } from '../lib/steps/stage.js';
import {
  currentVersion,
  drafted,
  hasRivals,
  NEXT_SECOND_MS,
  remarked,
  settle,
  type Draft,
  type Place,
} from '../lib/steps/writing.js';

export const ifMatchConcurrentOneWinner = defineCheck({
  id: 'if-match-concurrent-one-winner',
  group: 'conditional',
  title: 'Of concurrent writes with one version exactly one wins',
  severity: 'critical',
  basis: 'must',
  refs: ['RFC 9110 section 13.1.1'],
  sends:
    'First, one after the other: a write under the current version, and one under the version from before it. Then, in each round, several writes with different bodies under the same current version, released at the same moment on warm connections, and a read. The rounds grow wider and end when two writes win.',
  judges:
    "Passes when at least one round counts (one winner, two requests in flight together, every request answered, none with 429, 502, 503 or 504), no round had more, and no loser's body is in the state. Fails when two writes with different bodies win, overlap or not (only warns where a weak tag or a time is all that is offered), when the state shows a loser's body instead of the winner's, and when two rounds crash. Warns when nobody wins. Stays open when one after the other the current version is refused or the outdated one is accepted: then if-match-stale-rejected has the word.",
  expected: 'One 2xx, 412 for all others, and the state of the winner.',
  why: 'A version that is compared first and written afterwards keeps editors apart in every test, and loses their updates under load.',
  fix: 'Compare and write in one atomic step: UPDATE ... WHERE id = ? AND version = ?, a row lock, or compare-and-set; answer 412 when nothing was updated.',
  guards: [
    'Winners with the same body are not held against it: the second change was already in place (RFC 9110 section 13.1.1).',
    'A 202 is no winner yet.',
    'Overwritten means that the state shows what only a refused write said, and did not show it before.',
    'A 500 in a single round counts only when it comes again.',
  ],
  messages: {
    'several-winners':
      '{winners} of {width} simultaneous writes with one version succeeded, with different bodies; seen in {hits} of {rounds} rounds.',
    'winner-overwritten':
      'One of {width} simultaneous writes succeeded, but the state is that of one answered with {status}; seen in {hits} of {rounds} rounds.',
    'no-winner':
      'All {width} simultaneous writes with the current version were refused; seen in {hits} of {rounds} rounds.',
    crashed: 'A write of the race was answered with {status} (in {hits} of {rounds} rounds).',
  },

  select({ operation, resource }) {
    if (operation.role !== 'replace' && operation.role !== 'update') return skip('not an update of a resource');
    if (resource.create === null) return skip('no create operation to make something to write to');
    if (resource.read === null) return skip('no read operation to see the state with');
    if (!hasRivals(operation)) return skip('no second, different body is known');
    return { operation, resource, read: resource.read };
  },

  *probe(target, tools) {
    const { operation, resource, read } = target;
    const { scope } = yield* make(resource, tools);
    const place = { resource, scope };
    yield* settle(tools);
    const version = yield* currentVersion('start', place);
    if (version === null) return;
    const isMarked = yield* controlled(operation, place, version, tools);
    if (isMarked === null) return;
    yield* rounds(tools, function* (round, width) {
      const current = yield* currentVersion('fresh', place, round);
      if (current === null) return { counted: null };
      if (current.kind === 'modified') yield* later('next second', NEXT_SECOND_MS);
      const lanes = Array.from({ length: width }, (_, lane) =>
        underVersion(drafted(operation, draftOf(operation, place, lane, isMarked, tools), tools), resource, current),
      );
      const race = yield* together('race', lanes, { round, warmUp: warmUp({ ...resource, list: null }, scope) });
      yield* settle(tools);
      yield* send('state', outgoing(read, scope), round);
      return { counted: null, proven: bodiesOf(winnersOf(race)).size > 1 };
    });
  },

  judge({ operation, resource }, evidence) {
    const start = lastOf(evidence, 'start');
    const unusable = voided(start) ?? needsSuccess(start);
    if (unusable !== null) return unusable;
    const version = versionOf(resource, start);
    if (version === null) return inconclusive('no-version');
    const open = openAfterControl(evidence);
    if (open !== null) return open;
    const played = roundsOf(evidence, 'race');
    const level = offersControl(operation, version) ? 'fail' : 'warn';
    return (
      severalWinners(played, level) ??
      overwritten(evidence, played) ??
      crashed(played) ??
      idle(played) ??
      single({ operation }, played, version)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<'current' | 'stale' | 'state' | 'fresh'>;

type Judged = Verdict<'several-winners' | 'winner-overwritten' | 'no-winner' | 'crashed', never>;
type Round = readonly Exchange[];

/** The draft of a lane: with a marker of its own where the API lets it change, and the payloads in turn. */
function draftOf({ payloads }: Operation, { scope }: Place, lane: number, isMarked: boolean, tools: Tools): Draft {
  return {
    scope: isMarked ? remarked(scope, tools) : scope,
    payload: lane % 2 === 1 && payloads.has('changed') ? 'changed' : 'body',
  };
}

/**
 * Whether, one after the other, the current version is accepted and the one before it refused; then, whether bodies may
 * have markers of their own. `null` when the control fails.
 */
function* controlled(operation: Operation, place: Place, version: Version, tools: Tools) {
  const under = (isMarked: boolean, lane: number, named: Version) =>
    underVersion(drafted(operation, draftOf(operation, place, lane, isMarked, tools), tools), place.resource, named);
  let isMarked = operation.marked;
  let accepted = yield* send('current', under(isMarked, 0, version));
  if (!isSuccess(accepted) && isMarked && operation.payloads.has('changed')) {
    isMarked = false;
    accepted = yield* send('current', under(isMarked, 0, version));
  }
  if (!isSuccess(accepted)) return null;
  yield* settle(tools);
  const moved = yield* currentVersion('after current', place);
  if (isSameVersion(moved, version)) {
    yield* later('next second', NEXT_SECOND_MS);
    yield* send('current', under(isMarked, 1, version));
    yield* settle(tools);
  }
  const stale = yield* send('stale', under(isMarked, 1, version));
  return isRefusal(statusOf(stale) ?? 0) ? isMarked : null;
}

function openAfterControl(evidence: Steps) {
  const [current, stale] = [allOf(evidence, 'current').find(isSuccess), lastOf(evidence, 'stale')];
  if (current === undefined) {
    const last = lastOf(evidence, 'current');
    if (!hasAnswer(last)) return lostAnswer(last);
    const detail = `a write under the current version was answered with ${last.response.status}`;
    return voided(last) ?? inconclusive('control-failed', { detail });
  }
  if (!hasAnswer(stale)) return lostAnswer(stale);
  const { status } = stale.response;
  if (isRefusal(status)) return null;
  const detail = `the outdated version alone is not refused, but answered with ${status}`;
  return voided(stale) ?? inconclusive('control-failed', { detail });
}

function overwritten(evidence: Steps, played: readonly Round[]): Judged | null {
  const hits = played.flatMap(round => {
    const usurper = usurperIn(evidence, round);
    return usurper === undefined ? [] : [{ round, usurper }];
  });
  const [hit] = hits;
  if (hit === undefined) return null;
  const { round, usurper } = hit;
  const args = { width: round.length, status: statusOf(usurper) ?? 0, hits: hits.length, rounds: played.length };
  const proof = present(...winnersOf(round), usurper, exchangeOf(evidence, 'state', usurper.round));
  return found(fail('winner-overwritten', args, proof));
}

/** The refused write whose body the state shows in place of the only winner's, and did not show before. */
function usurperIn(evidence: Steps, round: Round): Exchange | undefined {
  const [winner, ...others] = round.filter(isSuccess);
  if (winner === undefined || others.length > 0 || winner.response.status === 202) return undefined;
  const [fresh, state] = [exchangeOf(evidence, 'fresh', winner.round), exchangeOf(evidence, 'state', winner.round)];
  if (fresh === undefined || state === undefined || !isSuccess(fresh) || !isSuccess(state)) return undefined;
  return round.find(
    loser =>
      isRefusal(statusOf(loser) ?? 0) &&
      isIn(state, loser, winner) &&
      !isIn(state, winner, loser) &&
      !isIn(fresh, loser, winner),
  );
}

/** Whether a state shows everything that a write says and another one does not. */
function isIn({ response }: Answered, write: Exchange, other: Exchange): boolean {
  const own = onlyIn(write.request, other.request);
  if (own.length === 0) return write.request.body !== other.request.body && response.body === write.request.body;
  return own.every(leaf => shows(jsonOf(response), leaf));
}

function idle(played: readonly Round[]): Judged | null {
  const hits = played.filter(round => counts(round) && round.every(exchange => isRefusal(statusOf(exchange) ?? 0)));
  const [hit] = hits;
  if (hit === undefined) return null;
  return found(warn('no-winner', { width: hit.length, hits: hits.length, rounds: played.length }, hit));
}

function single({ operation }: Pick<Subject, 'operation'>, played: readonly Round[], version: Version): Judged {
  const counting = played.filter(round => counts(round) && bodiesOf(winnersOf(round)).size === 1);
  if (counting.length === 0) return noRound(played);
  const expected = refusalsOf(operation, version);
  const odd = counting.flat().find(exchange => !isSuccess(exchange) && !expected.includes(statusOf(exchange) ?? 0));
  return pass([
    odd !== undefined && note('status-outside', { status: statusOf(odd) ?? 0, expected: listed(expected) }),
    racePowerNote(counting),
  ]);
}
