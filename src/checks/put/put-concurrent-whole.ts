import { make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { exchangeOf, roundsOf, type Evidence } from '../../core/evidence.js';
import { statusOf, type Exchange } from '../../core/http.js';
import { send, together } from '../../core/step.js';
import { fail, inconclusive, pass, type Verdict } from '../../core/verdict.js';
import { present } from '../lib/http/answers.js';
import { isRefusal } from '../lib/http/statuses.js';
import { found } from '../lib/judging/found.js';
import { crashed } from '../lib/racing/crashed.js';
import {
  controlled,
  type ControlSteps,
  laneOf,
  openAfterControl,
  type Putting,
  shownVerbatim,
} from '../lib/racing/lanes.js';
import { racePowerNote, rounds } from '../lib/racing/racing.js';
import { makeupOf } from '../lib/racing/whole.js';
import { cleanRounds, oddLoser, type Written } from '../lib/racing/written.js';
import { warmUp } from '../lib/steps/stage.js';
import { hasRivals, settle } from '../lib/steps/writing.js';

export const putConcurrentWhole = defineCheck({
  id: 'put-concurrent-whole',
  group: 'put',
  title: 'Concurrent PUTs to one resource leave one of the bodies, whole',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.4'],
  sends:
    'First two different PUTs, one after the other, each read back. Then, in each round, several PUTs with different bodies at the same moment on warm connections, and two reads. The rounds grow wider.',
  judges:
    'Passes when the state after every round is that of one accepted PUT in all fields that tell them apart, and at least one round counts: two requests in flight together, every one answered, none with 429, 502, 503 or 504. Fails when the state is a mixture of two bodies, holds a value nobody sent or is gone, or is that of a refused PUT, and when requests of two rounds are answered with a 500. Losers may be refused (409, 412, 423, 428). Stays open when the bodies differ in one field alone, or a read does not show them. Does not apply where a version is demanded: see if-match-concurrent-one-winner.',
  expected: 'The state of one of the accepted PUTs, whole; no 500.',
  why: 'Two editors save at the same moment, and the record has the name of one and the address of the other: neither of them wrote that.',
  fix: 'Write the whole record in one statement or one transaction with a lock on its row; retry on a deadlock or serialisation failure in place of answering 500.',
  guards: [
    'Only fields that a read shows as they were written, in both PUTs sent alone, are compared.',
    'The state counts when two reads agree; a value that an earlier PUT wrote is stale, and proves nothing.',
    'A refused PUT in the state counts only when it was not there before.',
    'Of a body that is a text its words are compared, where a read gives it back word for word.',
    'A 500 in a single round counts only when it comes again.',
  ],
  messages: {
    mixed:
      'After {width} simultaneous PUTs the state is none of the bodies, but a mixture: {one} of one, {other} of another; seen in {hits} of {rounds} rounds.',
    'unsent-state':
      'After {width} simultaneous PUTs {path} is not what any of them said; seen in {hits} of {rounds} rounds.',
    'refused-applied':
      'After {width} simultaneous PUTs the state is that of one answered with {status}; seen in {hits} of {rounds} rounds.',
    crashed: 'A PUT of the race was answered with {status} (in {hits} of {rounds} rounds).',
  },

  select({ operation, resource }) {
    const { create, read } = resource;
    if (operation.role !== 'replace' || operation.method !== 'PUT') return skip('not a PUT that replaces a resource');
    if (create === null) return skip('no create operation to make something to write to');
    if (read === null) return skip('no read operation to see the state with');
    if (!hasRivals(operation)) return skip('no second, different body is known');
    if (Array.isArray(operation.contract.etag.missing)) return skip('demands a version, so that one PUT wins');
    return { operation, resource, read };
  },

  *probe(target, tools) {
    const { resource, read } = target;
    const { scope } = yield* make(resource, tools);
    yield* settle(tools);
    const isMarked = yield* controlled(target, [scope, scope], tools);
    if (isMarked === null) return;
    yield* rounds(tools, function* (round, width) {
      yield* send('before', outgoing(read, scope), round);
      const lanes = Array.from({ length: width }, (_, lane) => laneOf(target, scope, lane + 1, isMarked, tools));
      yield* together('race', lanes, { round, warmUp: warmUp({ ...resource, list: null }, scope) });
      yield* settle(tools);
      yield* send('state', outgoing(read, scope), round);
      yield* settle(tools);
      yield* send('state again', outgoing(read, scope), round);
      return { counted: null };
    });
  },

  judge(target, evidence) {
    const open = openAfterControl(evidence);
    if (open !== null) return open;
    const played = roundsOf(evidence, 'race').map(race => roundOf(target, evidence, race));
    return torn(evidence, played) ?? crashed(played.map(({ race }) => race)) ?? whole(evidence, played);
  },
});

/** The steps that are judged. */
type Steps = Evidence<ControlSteps | 'before' | 'state' | 'state again'>;

type Judged = Verdict<'mixed' | 'unsent-state' | 'refused-applied' | 'crashed', never>;

interface Round extends Written {
  /** A refused write whose body the state shows, and did not show before. */
  readonly usurper: Exchange | undefined;
}

function roundOf({ resource }: Putting, evidence: Steps, race: readonly Exchange[]): Round {
  const round = race[0]?.round ?? 0;
  const read = (step: 'before' | 'state' | 'state again') => exchangeOf(evidence, step, round);
  const first = Math.min(...race.map(({ n }) => n));
  const earlier = evidence.exchanges.filter(({ n, request }) => n < first && request.body !== null);
  const writes = { race, earlier, verbatim: shownVerbatim(evidence) };
  const made = makeupOf(resource, [read('state'), read('state again')], writes);
  const before = makeupOf(resource, [read('before'), read('before')], writes);
  const was = before.kind === 'whole' ? before.of : [];
  const isWon = made.kind !== 'whole' || made.of.some(write => !isRefusal(statusOf(write) ?? 0));
  const usurper = isWon ? undefined : made.of.find(write => !was.includes(write));
  return { race, made, usurper };
}

/** In which way the state after a round is no accepted body; `null` when it is one. */
function wayTorn({ made, usurper }: Round): 'mixed' | 'unsent' | 'usurped' | null {
  if (made.kind === 'mixed' || made.kind === 'unsent') return made.kind;
  return usurper === undefined ? null : 'usurped';
}

function torn(evidence: Steps, played: readonly Round[]): Judged | null {
  const [first] = played.filter(round => wayTorn(round) !== null);
  if (first === undefined) return null;
  const { race, made, usurper } = first;
  const hits = played.filter(round => wayTorn(round) === wayTorn(first));
  const args = { width: race.length, hits: hits.length, rounds: played.length };
  const proof = hits.flatMap(hit => [...hit.race, ...present(exchangeOf(evidence, 'state', hit.race[0]?.round))]);
  if (made.kind === 'mixed') {
    const [one, other] = [made.parts[0], made.parts.at(-1)].map(part => part?.path ?? '$');
    return found(fail('mixed', { ...args, one: one ?? '$', other: other ?? '$' }, proof));
  }
  if (made.kind === 'unsent') return found(fail('unsent-state', { ...args, path: made.path }, proof));
  return found(fail('refused-applied', { ...args, status: statusOf(usurper) ?? 0 }, proof));
}

function whole(evidence: Steps, played: readonly Round[]): Judged {
  const { clean, open } = cleanRounds(evidence, played);
  if (open !== null) return open;
  const described = clean.filter(({ made }) => made.kind === 'whole' && made.paths.length > 1);
  if (described.length === 0) {
    return inconclusive('control-failed', {
      detail: 'the bodies differ in one field alone, so that no mixture would show',
    });
  }
  return pass([oddLoser(described.flatMap(({ race }) => race)), racePowerNote(described.map(({ race }) => race))]);
}
