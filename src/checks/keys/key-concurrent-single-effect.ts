import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { isAnswered, statusOf, type Exchange } from '../../core/http.js';
import type { Scope } from '../../core/scope.js';
import { effects, effectsOf, send, together } from '../../core/step.js';
import { fail, note, warn, type Verdict } from '../../core/verdict.js';
import { present } from '../lib/http/answers.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf, countTrouble } from '../lib/judging/counting.js';
import { isDoubled, passOne, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { crashed } from '../lib/racing/crashed.js';
import { counts, type Counts, noRound, racePowerNote, rounds, settledReading, shownOf } from '../lib/racing/racing.js';
import { keyedSubject, sibling, stage, warmUp } from '../lib/steps/stage.js';
import { BETWEEN, betweenIn, betweenNote, inBetween } from './key-concurrent-single-effect/in-between.js';

export const keyConcurrentSingleEffect = defineCheck({
  id: 'key-concurrent-single-effect',
  group: 'keys',
  title: 'Simultaneous requests under one key take effect once',
  severity: 'critical',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)'],
  sends:
    'In each round the same request with one fresh key, several times at the same moment on warm connections, and once more when all are answered. The rounds grow wider and end when two effects are seen. Then, where the operation takes 20 ms or more, the same request under one fresh key at 10, 30, 60 and 90 % of that time after the first one, and just after 1, 5 and 30 s where it takes longer and `--max-wait` allows it.',
  judges:
    'Passes when no round had two effects and at least one round counts: one effect, two requests in flight together, every request answered, none with 429, 502, 503 or 504 (a 429 that the contract lists for keys in flight is an answer). Fails on the first round with two effects, overlap or not, and when repeats that came after the first had two, and when requests of two rounds are answered with a 500. Warns when all requests of a round are refused, the later one too, and nothing is created. Stays open when nothing can be counted or no requests overlapped.',
  expected: 'One effect in every round, whatever the losers are answered with.',
  why: 'A double click, or a gateway that retries on a timeout, sends the second request while the first is still running. A key that is looked up first and stored afterwards protects neither.',
  fix: 'Claim the key in one atomic step before executing: a unique index and an insert, or SET NX. Let the losers wait for the stored answer or give them 409.',
  guards: [
    'Effects are counted, not answers: the loser may have executed and been overwritten.',
    'A pass needs an oracle that was seen to count to two, and it says how far it looked.',
    'What losers are answered with is not judged here.',
    'A 500 in a single round counts only when it comes again.',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
    'A pass says how many repeats really came while the first was at work; what went wrong with these alone opens no pass of the races.',
  ],
  messages: {
    'duplicate-created':
      'One key, {width} identical requests {when}, {count} effects; seen in {hits} of {rounds} rounds.',
    'nothing-created':
      'All requests under one key were refused, the later one too, and nothing was created ({hits} of {rounds} rounds).',
    crashed: 'A request of the race was answered with {status} (in {hits} of {rounds} rounds).',
  },
  notes: {
    'in-between':
      'Repeats came while the first was at work as well: {came}, the last one {last} after it, of the {took} that it took.',
    'not-between': 'No repeat came while the first was half done: the operation takes {took}.',
    'losers-429':
      'Losers were answered with 429, which the contract allows: if a rate limiter sent it, the requests never raced.',
  },

  select: keyedSubject,

  *probe({ operation, resource }, tools) {
    // What moves belongs to one resource, so that each round of an action needs its own; creates can share their parents,
    // unless those show an effect.
    const isApart = operation.role !== 'create' || tools.preflight.seesBeside === true;
    const shared = isApart ? null : yield* stage({ operation, resource }, tools);
    const place = function* () {
      return shared === null ? yield* stage({ operation, resource }, tools) : sibling(resource, shared, tools);
    };
    const isProven = yield* rounds(tools, function* (round, width) {
      return yield* raced({ operation, resource, isApart }, yield* place(), tools, round, width);
    });
    if (!isProven) yield* inBetween({ operation, resource, isApart }, place, tools);
  },

  judge(target, evidence) {
    const races = roundsOf(evidence, 'race').map(race => roundOf(evidence, race));
    const between = betweenIn(evidence);
    return (
      duplicated(races, 'at once') ??
      duplicated(
        between.map(one => ({ ...one, race: one.all })),
        'while the first was at work',
      ) ??
      crashed([...races.map(({ race }) => race), ...between.map(({ all }) => all)]) ??
      barren(evidence, races) ??
      single(target, evidence, races)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<Counts | 'converge' | typeof BETWEEN | 'settled between'>;

type Judged = Verdict<'duplicate-created' | 'nothing-created' | 'crashed', 'losers-429' | 'in-between' | 'not-between'>;

function* raced(
  { operation, resource, isApart }: Pick<Subject, 'operation' | 'resource'> & { readonly isApart: boolean },
  scope: Scope,
  tools: Tools,
  round: number,
  width: number,
) {
  const before = yield* effects('before', { round, resource, operation, scope, seen: [], isApart }, 'now');
  const request = outgoing(operation, scope, { key: tools.key() });
  const requests = Array.from({ length: width }, () => request);
  const race = yield* together('race', requests, { round, warmUp: warmUp(resource, scope) });
  const converge = yield* send('converge', request, round);
  const counted = { round, resource, operation, scope, seen: [...race, converge], since: before, isApart };
  if (operation.marked || operation.role !== 'create') return { counted };
  // Without a marker the records of later rounds would be counted too: this round is settled before they begin.
  const [settled] = yield* effectsOf('settled', [counted]);
  return { counted: null, proven: countOf(settled) >= 2 };
}

/** One round as it is judged. */
interface Round {
  readonly race: readonly Exchange[];
  readonly all: readonly Exchange[];
  readonly reading: ReturnType<typeof settledReading>;
}

function roundOf(evidence: Steps, race: readonly Exchange[]): Round {
  const round = race[0]?.round ?? 0;
  return {
    race,
    all: [...race, ...present(exchangeOf(evidence, 'converge', round))],
    reading: settledReading(evidence, round),
  };
}

function duplicated(races: readonly Round[], when: string): Judged | null {
  const hits = races.filter(({ reading, all }) => isDoubled(reading, all));
  const [hit] = hits;
  if (hit === undefined) return null;
  const args = { width: hit.race.length, when, count: countOf(hit.reading), hits: hits.length, rounds: races.length };
  return found(
    fail(
      'duplicate-created',
      args,
      hits.flatMap(({ all }) => shownOf(all)),
    ),
  );
}

/** Rounds in which every request was refused for good and nothing came of it. */
function barren(evidence: Steps, races: readonly Round[]): Judged | null {
  const hits = races.filter(
    ({ race, all, reading }) =>
      all.length > race.length &&
      reading?.count === 0 &&
      countTrouble(evidence, reading) === null &&
      all.every(exchange => isRefused(exchange)),
  );
  const [hit] = hits;
  if (hit === undefined) return null;
  return found(warn('nothing-created', { hits: hits.length, rounds: races.length }, hit.all));
}

function isRefused(exchange: Exchange): boolean {
  const status = statusOf(exchange);
  return status !== null && status >= 400 && status < 500 && status !== 429;
}

function single(target: Subject, evidence: Steps, races: readonly Round[]): Judged {
  const allowed = target.operation.contract.inflight.statuses.filter(status => status === 429);
  const counting = races.filter(({ race }) => counts(race, allowed));
  const ignored = ignoredPaths(evidence.preflight, target.resource);
  const pending = counting.find(({ reading }) => countOf(reading) >= 2);
  if (pending !== undefined) return stillPending(evidence);
  const clean = counting.filter(({ reading }) => reading?.count === 1);
  const [best] = clean.length > 0 ? clean : counting;
  if (best === undefined)
    return noRound(
      races.map(({ race }) => race),
      allowed,
    );
  const isLimited = clean.some(({ race }) => race.some(exchange => statusOf(exchange) === 429));
  return passOne(evidence, best.reading, best.race.filter(isAnswered), ignored, [
    isLimited && note('losers-429'),
    clean.length > 0 && racePowerNote(clean.map(({ race }) => race)),
    betweenNote(evidence, betweenIn(evidence)),
  ]);
}
