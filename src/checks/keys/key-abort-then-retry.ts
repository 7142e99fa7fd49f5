import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject, type Tools } from '../../core/check.js';
import { allOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isAnswered, isSuccess, statusOf, type Cut, type Exchange } from '../../core/http.js';
import type { Reading } from '../../core/reading.js';
import type { Outgoing } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { effects, effectsOf, interrupted, later, send, type Counted } from '../../core/step.js';
import { fail, inconclusive, note, type Note, type Verdict } from '../../core/verdict.js';
import { lostAnswer } from '../lib/http/answers.js';
import { isInFlight, wasCut } from '../lib/http/in-flight.js';
import { isCrash, isRefusal } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf, countTrouble } from '../lib/judging/counting.js';
import { isDoubled, passOne } from '../lib/judging/doubled.js';
import { duration } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { ruling } from '../lib/racing/crashed.js';
import { keyedSubject, sibling, stage } from '../lib/steps/stage.js';
import {
  AT_ONCE,
  hungUp,
  HUNG_UP,
  impatientNote,
  impatientRounds,
  isImpatient,
} from './key-abort-then-retry/impatient.js';

/** In the order played; a round's place says which is its own. */
const CUTS: readonly Cut[] = ['written', 'half-way', 'head'];

const CUT_NAMES: Readonly<Record<Cut, string>> = {
  written: 'once it was written',
  'half-way': 'half-way through the usual latency',
  head: 'when the head of the answer had arrived',
};

/** The server gets this long at least before the retry, milliseconds. */
const LEAST_PATIENCE_MS = 2_000;

/** Pauses before a retry of what is still in flight, milliseconds; how long keys stay so is another check's claim. */
const RETRY_PAUSES_MS: readonly number[] = [0, 1_000, 2_000, 4_000];

export const keyAbortThenRetry = defineCheck({
  id: 'key-abort-then-retry',
  group: 'keys',
  title: 'A client that lost the answer can retry safely',
  severity: 'critical',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)'],
  sends:
    'Requests with a key each, whose connection is closed once the request was written, half-way through the usual latency, or when the head of the answer has arrived. After a pause of 2 s or three times the latency each is sent once more under its key, and again a few times while the answer says that the key is still in flight. Where the operation takes 20 ms or more, two more clients hang up half-way and send their request again at once, while the first is still at work.',
  judges:
    'Passes when every request that was cut led to an answer and left one effect behind, and at least one was cut. Fails when a retry has a second effect, when it reports success and nothing exists, when it names another record than the one that exists, and when it is answered with a 500; all but the first have to come again. Warns when the retry is refused for good and nothing was created. Stays open when the server had always answered before the cut, and while keys are still in flight, which `key-inflight-recovers` judges.',
  expected: 'One effect, whatever the client saw of the first answer.',
  why: 'The answer that never arrives is what idempotency keys exist for: a phone in a tunnel, a gateway that gave up. A server that forgets or spoils the key when its client goes away fails in just that moment.',
  fix: 'Store key and answer in the transaction that has the effect, not when the response has been sent, and let the work go on when the client has gone.',
  guards: [
    'Where ids are all there is to count by, nothing is said: the request that was cut short shows none.',
    'Effects are counted, not answers.',
    'A request that was answered before the cut does not count as cut.',
    'Effects are counted only after the server had time to end its work.',
    'What is answered while a key is in flight is not judged here.',
    'A pass needs an oracle that was seen to count to two.',
  ],
  messages: {
    'executed-twice': 'The client went away {cut}; the retry under the same key left {count} effects.',
    'phantom-success': 'The client went away {cut}; the retry reports success ({status}), and nothing exists.',
    'other-record': 'The client went away {cut}; the retry names {id}, which is not the record that exists.',
    'retry-crashed': 'The client went away {cut}; the retry is answered with {status}.',
    'refused-for-good': 'The client went away {cut}; the retry is refused with {status}, and nothing was created.',
  },
  notes: {
    cuts: 'Cut {written} times once written, {halfWay} times half-way, {head} times at the head of the answer.',
    impatient: 'In {rounds} more rounds the retry came while the first request was still at work.',
  },

  select: keyedSubject,

  *probe(subject, tools) {
    const { operation } = subject;
    const isRecognisable = operation.marked || operation.role !== 'create';
    const patient = CUTS.length * (isRecognisable ? tools.race.rounds : 1);
    const more = impatientRounds(tools, isRecognisable);
    const rounds = Array.from({ length: patient + more }, (_, at) => at);
    const shared = operation.role === 'create' ? yield* stage(subject, tools) : null;
    // Records without a marker are told from others round by round: each ends before the next begins.
    for (const batch of isRecognisable ? [rounds] : rounds.map(round => [round])) {
      const ready: Ready[] = [];
      for (const round of batch) ready.push(yield* prepared(subject, shared, tools, round));
      const open: Open[] = [];
      for (const one of ready) open.push(yield* one.round < patient ? cutShort(one) : impatient(one, tools));
      yield* retried(subject, open, tools);
    }
  },

  judge(target, evidence) {
    const firsts = [...allOf(evidence, 'cut'), ...allOf(evidence, HUNG_UP)];
    const rounds = firsts.map(first => roundOf(target, evidence, first));
    const cut = rounds.filter(({ first }) => wasCut(first));
    return (
      twice(rounds) ??
      phantom(evidence, cut) ??
      otherRecord(cut, rounds) ??
      crashed(cut) ??
      refused(evidence, cut) ??
      safe(target, evidence, cut)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<'retry' | typeof AT_ONCE | 'settled'>;

type Judged = Verdict<
  'executed-twice' | 'phantom-success' | 'other-record' | 'retry-crashed' | 'refused-for-good',
  'cuts' | 'impatient'
>;

/** A request about to be cut, and what its retry needs. */
interface Ready {
  readonly round: number;
  readonly request: Outgoing;
  readonly scope: Scope;
  readonly before: Reading;
}

interface Open extends Ready {
  /** What was sent under its key so far. */
  readonly seen: readonly Exchange[];
  readonly isWaiting: boolean;
}

/** Everything is made ready before the first cut: a key must not age meanwhile. */
function* prepared(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  shared: Scope | null,
  tools: Tools,
  round: number,
) {
  const scope = shared === null ? yield* stage({ operation, resource }, tools) : sibling(resource, shared, tools);
  const before = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  return { round, request: outgoing(operation, scope, { key: tools.key() }), scope, before };
}

function* cutShort(ready: Ready) {
  const { round, request } = ready;
  const cut = yield* interrupted('cut', request, CUTS[round % CUTS.length] ?? 'written', round);
  return { ...ready, seen: [cut], isWaiting: true };
}

function* impatient(ready: Ready, tools: Tools) {
  return { ...ready, ...(yield* hungUp(ready, tools)) };
}

/** Retries what was cut, in flight ones again after a pause, and counts. */
function* retried({ operation, resource }: Subject, open: readonly Open[], { preflight }: Tools) {
  yield* later('patience', Math.max(3 * preflight.p95Ms, LEAST_PATIENCE_MS));
  const seen = new Map(open.map(one => [one.round, [...one.seen]]));
  let waiting = open.filter(({ isWaiting }) => isWaiting);
  for (const ms of RETRY_PAUSES_MS) {
    if (waiting.length === 0) break;
    if (ms > 0) yield* later('back-off', ms);
    const still: Open[] = [];
    for (const one of waiting) {
      const retry = yield* send('retry', one.request, one.round);
      seen.get(one.round)?.push(retry);
      if (isInFlight(retry, operation.contract)) still.push(one);
    }
    waiting = still;
  }
  const counted = open.map(({ round, scope, before }): Counted => {
    return { round, resource, operation, scope, seen: seen.get(round) ?? [], since: before };
  });
  yield* effectsOf('settled', counted);
}

/** A round as it is judged. */
interface Round {
  readonly cut: string;
  readonly first: Exchange;
  readonly retries: readonly Exchange[];
  readonly last: Exchange | undefined;
  readonly isOpen: boolean;
  readonly id: string | null;
  readonly reading: Reading | undefined;
}

function roundOf({ operation, resource }: Subject, evidence: Steps, first: Exchange): Round {
  const retries = [...allOf(evidence, AT_ONCE, first.round), ...allOf(evidence, 'retry', first.round)];
  const last = retries.at(-1);
  // Where a repeat is promised a conflict, that is what a finished key is answered with.
  const { replayMode, replayStatuses } = operation.contract;
  const isConflict = replayMode.startsWith('conflict') && [409, ...replayStatuses].includes(statusOf(last) ?? 0);
  const isNamed = last !== undefined && isSuccess(last) && operation.role === 'create';
  return {
    cut: isImpatient(first)
      ? 'half-way, and came again at once'
      : CUT_NAMES[CUTS[first.round % CUTS.length] ?? 'written'],
    first,
    retries,
    last,
    isOpen: last === undefined || (isInFlight(last, operation.contract) && !isConflict),
    id: isNamed && resource.id.chosenBy === 'server' ? resource.id.of(last.response) : null,
    reading: readingOf(evidence, 'settled', first.round),
  };
}

function twice(rounds: readonly Round[]): Judged | null {
  const hit = rounds.find(({ reading, first, retries }) => isDoubled(reading, [first, ...retries]));
  if (hit === undefined) return null;
  return found(fail('executed-twice', { cut: hit.cut, count: countOf(hit.reading) }, [hit.first, ...hit.retries]));
}

function phantom(evidence: Steps, rounds: readonly Round[]): Judged | null {
  const hits = rounds.filter(
    ({ last, reading }) =>
      last !== undefined && statusOf(last) !== 202 && isSuccess(last) && isNothing(evidence, reading),
  );
  const [hit] = hits;
  if (hit?.last === undefined) return null;
  const args = { cut: hit.cut, status: statusOf(hit.last) ?? 0 };
  return found(ruling(hits)('phantom-success', args, [hit.first, hit.last]));
}

/** A record that exists under another id than the retry says; only where lists are seen to name records by that id. */
function otherRecord(rounds: readonly Round[], all: readonly Round[]): Judged | null {
  const isListed = ({ id, reading }: Round) => id !== null && (reading?.ids.includes(id) ?? false);
  const hits = rounds.filter(
    round => round.id !== null && round.reading?.count === 1 && round.reading.ids.length > 0 && !isListed(round),
  );
  const [hit] = hits;
  if (hit?.last === undefined || hit.id === null || !all.some(isListed)) return null;
  return found(ruling(hits)('other-record', { cut: hit.cut, id: hit.id }, [hit.first, hit.last]));
}

function crashed(rounds: readonly Round[]): Judged | null {
  const hits = rounds.filter(({ last }) => isCrash(statusOf(last) ?? 0));
  const [hit] = hits;
  if (hit?.last === undefined) return null;
  const args = { cut: hit.cut, status: statusOf(hit.last) ?? 0 };
  return found(ruling(hits)('retry-crashed', args, [hit.first, hit.last]));
}

function refused(evidence: Steps, rounds: readonly Round[]): Judged | null {
  const hits = rounds.filter(
    ({ last, isOpen, reading }) => !isOpen && isRefusal(statusOf(last) ?? 0) && isNothing(evidence, reading),
  );
  const [hit] = hits;
  if (hit?.last === undefined) return null;
  const args = { cut: hit.cut, status: statusOf(hit.last) ?? 0 };
  return found(ruling(hits)('refused-for-good', args, [hit.first, hit.last], { level: 'warn' }));
}

function isNothing(evidence: Steps, reading: Reading | undefined): boolean {
  return reading?.count === 0 && countTrouble(evidence, reading) === null;
}

function safe({ resource }: Subject, evidence: Steps, rounds: readonly Round[]): Judged {
  if (rounds.length === 0) {
    return inconclusive('control-failed', { detail: 'no request could be cut before it was answered' });
  }
  const open = rounds.filter(({ isOpen }) => isOpen);
  if (open.length > 0) return inconclusive('still-in-flight', { waited: waitedIn(open) });
  const silent = rounds.find(({ last }) => last === undefined || !isAnswered(last));
  if (silent !== undefined) return lostAnswer(silent.last);
  // The pass is one of all rounds: it rests on the one that is farthest from a single effect.
  const [worst] = rounds.toSorted((a, b) => Math.abs(countOf(b.reading) - 1) - Math.abs(countOf(a.reading) - 1));
  const answers = worst?.retries.filter(isAnswered) ?? [];
  return passOne(evidence, worst?.reading, answers, ignoredPaths(evidence.preflight, resource), [
    cutsNote(rounds.filter(({ first }) => !isImpatient(first))),
    impatientNote(rounds.map(({ first }) => first)),
  ]);
}

function waitedIn(rounds: readonly Round[]): string {
  const spans = rounds.map(({ first, last }) => ((last?.endAtUs ?? first.endAtUs) - first.endAtUs) / 1_000_000);
  return duration(Math.max(...spans));
}

function cutsNote(rounds: readonly Round[]): Note<'cuts'> {
  const [written = 0, halfWay = 0, head = 0] = CUTS.map(
    (_, at) => rounds.filter(({ first }) => first.round % CUTS.length === at).length,
  );
  return note('cuts', { written, halfWay, head });
}
