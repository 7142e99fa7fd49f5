import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject } from '../../core/check.js';
import { allOf, exchangeOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { header, isAnswered, isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import { later, send, together } from '../../core/step.js';
import { seen, type Trait } from '../../core/trait.js';
import { fail, inconclusive, note, pass, suspect, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { isRefusal, listed, voided } from '../lib/http/statuses.js';
import { ignoredPaths, isConsistent, likeness } from '../lib/json/likeness.js';
import { stillPending } from '../lib/judging/doubled.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { crashed } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds } from '../lib/racing/racing.js';
import { isToldToWait, retried } from '../lib/steps/patience.js';
import { keyedSubject, sibling, stage, warmUp } from '../lib/steps/stage.js';

export const keyConcurrentLoser = defineCheck({
  id: 'key-concurrent-loser',
  group: 'keys',
  title: 'Requests that lose a race under one key get the documented answer, and a retry gets the result',
  severity: 'medium',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)', 'RFC 9110 section 15.5.10'],
  sends:
    'First the request and a repeat, one after the other, as a control. Then in each round the same request with one fresh key, several times at the same moment; when all are answered, once more, with back-off for as long as the key is called in flight.',
  judges:
    'Passes when in every round that counts the losers are answered with what the contract lists for keys in flight, or with the result of the winner, and the later retry gets what a plain repeat gets. Fails when two requests of a round are answered with different results, when losers of two rounds are answered with a 500, and when the retry is still refused after the time after which a key counts as stuck (`inflightTimeout`, 60 seconds), though a plain repeat is not. Warns when losers get a status the contract does not list. Stays open when no requests overlapped, all were refused, or the run has less patience than that.',
  expected: 'The result, or a status that says the key is in flight; and the result for whoever asks again.',
  why: 'The client that loses the race is the one that retries. A 500 or a 400 tells it to give up; another id sends it after a thing that does not exist.',
  fix: 'Answer 409 (with Retry-After) while the first request runs, or let the others wait for its answer. Release the key in the same step that stores the answer.',
  guards: [
    'Only rounds with an accepted request are judged.',
    'A status that the contract lists beside its first one is a note.',
    'A retry is held against a plain repeat: an API that answers every repeat with a conflict is not stuck.',
    'A 429, 502 or 504 says nothing of the key; a 503 counts when each loser of every round got it, in two rounds at least.',
    "What the id in an action's answer stands for is not known: another one is a warning.",
  ],
  messages: {
    'different-results':
      'Two requests of one race under one key were answered with different ids: {first} and {second} ({hits} of {rounds} rounds).',
    crashed: 'A request that lost the race was answered with {status} (in {hits} of {rounds} rounds).',
    'odd-status':
      'A request that lost the race was answered with {status}, where {expected} is due (in {hits} of {rounds} rounds).',
    'never-converges':
      'The winner was answered, and {waited} later a retry under the same key is still refused with {status}.',
  },
  notes: {
    'losers-waited': 'Requests that lose the race wait, and get the answer of the winner.',
    'no-retry-after': 'Losers are told to wait ({status}), and not for how long (no Retry-After).',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    const target = { operation, resource };
    const shared = operation.role === 'create' ? yield* stage(target, tools) : null;
    const place = function* () {
      return shared === null ? yield* stage(target, tools) : sibling(resource, shared, tools);
    };
    const plain = outgoing(operation, yield* place(), { key: tools.key() });
    if (!isSuccess(yield* send('control', plain))) return;
    yield* later('pause', Math.max(tools.preflight.lagMs, 100));
    const repeat = yield* send('control-repeat', plain);
    yield* rounds(tools, function* (round, width) {
      const scope = yield* place();
      const request = outgoing(operation, scope, { key: tools.key() });
      const requests = Array.from({ length: width }, () => request);
      const race = yield* together('race', requests, { round, warmUp: warmUp(resource, scope) });
      if (!race.some(isSuccess)) return { counted: null };
      const usual = statusOf(repeat);
      const last = (yield* retried('retry', request, { round, tools, usual })).at(-1);
      const isStuck = last !== undefined && statusOf(last) !== usual && isToldToWait(operation.contract, last);
      return { counted: null, isEnough: isStuck };
    });
  },

  judge(target, evidence) {
    const [control, repeat] = [exchangeOf(evidence, 'control'), exchangeOf(evidence, 'control-repeat')];
    const unusable = voided(control) ?? needsSuccess(control);
    if (unusable !== null) return unusable;
    const races = roundsOf(evidence, 'race').map(race => roundOf(evidence, race));
    const late = races.map(({ race, retries }) => outlived(target.operation.contract, race[0], retries.at(-1)));
    const trouble = late.find(verdict => verdict !== null);
    if (trouble !== undefined) return trouble;
    const won = races.filter(({ race }) => race.some(isSuccess));
    const bad =
      apart(target, won) ??
      crashed(won.map(({ race, retries }) => [...race, ...retries])) ??
      stuck(target, won, repeat);
    return bad ?? odd(target, won, repeat) ?? documented(target, evidence, races, won);
  },

  observe(target, evidence) {
    const repeat = exchangeOf(evidence, 'control-repeat');
    return repeat !== undefined && isSuccess(repeat) ? [metInFlight(target, evidence)] : [];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'retry' | 'race' | 'control'>;

type Code = 'different-results' | 'crashed' | 'odd-status' | 'never-converges';
type Judged = Verdict<Code, 'losers-waited' | 'no-retry-after'>;

/** One round as it is judged: the race, and the retries when it was over. */
interface Round {
  readonly race: readonly Exchange[];
  readonly retries: readonly Exchange[];
}

function roundOf(evidence: Steps, race: readonly Exchange[]): Round {
  return { race, retries: allOf(evidence, 'retry', race[0]?.round ?? 0) };
}

/** Two answers of a round that name different ids. Those of a 202 may be the ids of jobs. */
function apart({ operation, resource }: Subject, won: readonly Round[]): Judged | null {
  const hits = won.flatMap(({ race, retries }) => {
    const named = [...race, ...retries].filter(isSuccess).filter(({ response }) => response.status !== 202);
    const [first, ...others] = named.filter(({ response }) => resource.id.of(response) !== null);
    const other = others.find(
      ({ response }) => resource.id.of(response) !== resource.id.of(first?.response ?? response),
    );
    return first === undefined || other === undefined ? [] : [[first, other] as const];
  });
  const [hit] = hits;
  if (hit === undefined) return null;
  const [first = '', second = ''] = hit.map(({ response }) => resource.id.of(response) ?? '');
  const level = operation.role === 'create' ? 'fail' : 'warn';
  const args = { first, second, hits: hits.length, rounds: won.length };
  return found(fail('different-results', args, hit, { level }));
}

/** The last retry of a round is still refused, with something else than a plain repeat is answered with. */
function stuck({ operation }: Subject, won: readonly Round[], repeat: Exchange | undefined): Judged | null {
  const hit = won.find(({ retries }) => {
    const status = statusOf(retries.at(-1)) ?? 0;
    return isRefusal(status) && status !== statusOf(repeat);
  });
  const [last, winner] = [hit?.retries.at(-1), hit?.race.find(isSuccess)];
  if (last === undefined || winner === undefined) return null;
  if (repeat === undefined || !isSuccess(repeat)) {
    return inconclusive('control-failed', {
      detail: `a plain repeat was answered with ${statusOf(repeat) ?? 'nothing'}`,
    });
  }
  const waitedMs = (last.endAtUs - winner.endAtUs) / 1000;
  const isPatient = waitedMs >= operation.contract.inflightTimeout * 1000;
  const status = statusOf(last) ?? 0;
  if (isToldToWait(operation.contract, last) && !isPatient) {
    return inconclusive('still-in-flight', { waited: duration(waitedMs / 1000) });
  }
  const described = isPatient ? fail : suspect;
  return found(described('never-converges', { status, waited: duration(waitedMs / 1000) }, [winner, last]));
}

/** Losers with a status that neither the contract lists nor a plain repeat has. */
function odd({ operation }: Subject, won: readonly Round[], repeat: Exchange | undefined): Judged | null {
  const { statuses } = operation.contract.inflight;
  const usual = [...statuses, statusOf(repeat) ?? 0];
  const isOdd = (status: number) => status >= 300 && !usual.includes(status) && ![429, 502, 503, 504].includes(status);
  const oddIn = won.flatMap(({ race }) => race.filter(loser => isOdd(statusOf(loser) ?? 0)).slice(0, 1));
  // A busy server turns some away; one that answers losers so does it to each of them.
  const down = won.flatMap(({ race }) => {
    const losers = race.filter(one => !isSuccess(one));
    return losers.length === race.length - 1 && losers.every(one => statusOf(one) === 503) ? losers.slice(0, 1) : [];
  });
  const isMeant = !statuses.includes(503) && down.length >= 2 && down.length === won.length;
  const hits = oddIn.length > 0 ? oddIn : isMeant ? down : [];
  const [hit] = hits;
  if (hit === undefined) return null;
  const args = { status: statusOf(hit) ?? 0, expected: listed(statuses), hits: hits.length, rounds: won.length };
  return found(warn('odd-status', args, hits));
}

function documented(target: Subject, evidence: Steps, races: readonly Round[], won: readonly Round[]): Judged {
  const { inflight } = target.operation.contract;
  const allowed = inflight.statuses.filter(status => status === 429);
  const counting = won.filter(({ race }) => counts(race, allowed));
  const all = races.map(({ race }) => race);
  if (won.length === 0 && races.some(({ race }) => counts(race, allowed))) {
    return inconclusive('control-failed', { detail: 'every request of every race was refused' });
  }
  if (counting.length === 0) return noRound(all, allowed);
  const isRetried = counting.some(({ retries }) => hasAnswer(retries.at(-1)));
  if (!isRetried) return lostAnswer(counting[0]?.retries.at(-1));
  const losers = counting
    .flatMap(({ race }) => race.filter(isAnswered))
    .filter(({ response }) => response.status >= 300);
  const waited = counting.find(({ race }) => race.filter(isSuccess).length >= 2);
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  if (waited?.race.some(exchange => statusOf(exchange) === 202) === true) return stillPending(evidence);
  if (waited !== undefined && !isOneResult(target, waited.race.filter(isSuccess), ignored)) {
    return inconclusive('control-failed', { detail: 'the answers of a race differ, and name nothing' });
  }
  return pass([
    waited !== undefined && losers.length === 0 && note('losers-waited'),
    ...besideFirst(inflight.statuses, losers),
    ...withoutTime(losers),
    racePowerNote(counting.map(({ race }) => race)),
  ]);
}

/** Whether the accepted answers of a race are one result: by their ids, or by all they say. */
function isOneResult({ resource }: Subject, accepted: readonly Answered[], ignored: readonly string[]): boolean {
  const ids = accepted.map(({ response }) => resource.id.of(response));
  return (ids[0] !== null && new Set(ids).size === 1) || isConsistent(accepted, ignored);
}

/** A note on losers with a status that is listed, but not first. */
function besideFirst(statuses: readonly number[], losers: readonly Answered[]) {
  const [expected] = statuses;
  const status = losers.map(({ response }) => response.status).find(seen => seen !== expected);
  return [status !== undefined && expected !== undefined && note('status-outside', { status, expected })];
}

function withoutTime(losers: readonly Answered[]) {
  const silent = losers.find(({ response }) => header(response, 'retry-after') === null);
  return [silent !== undefined && note('no-retry-after', { status: silent.response.status })];
}

/**
 * What a request meets whose key is in flight. A refusal wherever there was one: a loser that comes late gets the result
 * all the same. A wait only where every loser of two rounds got the result.
 */
function metInFlight(target: Subject, evidence: Steps): Trait | null {
  const allowed = target.operation.contract.inflight.statuses.filter(status => status === 429);
  const won = roundsOf(evidence, 'race').filter(race => race.some(isSuccess) && counts(race, allowed));
  const answers = won.flat().filter(isAnswered);
  const refused = answers.filter(({ response: { status } }) => status === 429 || isRefusal(status));
  if (refused.length > 0) {
    const statuses = [...new Set(refused.map(({ response }) => response.status))].toSorted((a, b) => a - b);
    // Beside other refusals, or in a single round, a 429 is that of a rate limit.
    const isLimit = statuses.length > 1 || new Set(refused.map(({ round }) => round)).size < 2;
    const described = statuses.filter(status => status !== 429 || !isLimit);
    const proof = won.filter(race => race.some(one => described.includes(statusOf(one) ?? 0))).slice(-2);
    return described.length === 0 ? null : seen('inflight', described, proof.flat());
  }
  const isWait = (race: readonly Exchange[]) => {
    const accepted = race.filter(isSuccess);
    return accepted.length >= 2 && accepted.length === race.length && areOne(target, evidence, accepted);
  };
  return won.length >= 2 && won.every(isWait) ? seen('inflight', 'waits', won.slice(-2).flat()) : null;
}

/** Whether answers are one and the same, and would not be the same whatever was done. Those of a 202 may be of jobs. */
function areOne({ operation, resource }: Subject, evidence: Steps, accepted: readonly Answered[]): boolean {
  const [first] = accepted;
  if (first === undefined || accepted.some(({ response }) => response.status === 202)) return false;
  const ids = new Set(accepted.map(({ response }) => resource.id.of(response)));
  if (operation.role === 'create') return ids.size === 1 && !ids.has(null);
  const control = exchangeOf(evidence, 'control');
  const isLike = (other: Answered) => ['bytes', 'json'].includes(likeness(first.response, other.response, []));
  return accepted.every(isLike) && hasAnswer(control) && !isLike(control);
}
