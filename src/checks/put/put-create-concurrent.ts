import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Tools } from '../../core/check.js';
import { type Evidence, exchangeOf, readingsOf, roundsOf } from '../../core/evidence.js';
import { statusOf, type Exchange } from '../../core/http.js';
import type { Reading } from '../../core/reading.js';
import type { Scope } from '../../core/scope.js';
import { effectsOf, send, together, type Counted } from '../../core/step.js';
import { fail, note, pass, warn, type Verdict } from '../../core/verdict.js';
import { present } from '../lib/http/answers.js';
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
import { creatingPut, freshPlaces } from '../lib/steps/fresh-place.js';
import { warmUp } from '../lib/steps/stage.js';
import { settle } from '../lib/steps/writing.js';

export const putCreateConcurrent = defineCheck({
  id: 'put-create-concurrent',
  group: 'put',
  title: 'Concurrent PUTs that create one address end in one resource',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.3.4'],
  sends:
    'First two PUTs to fresh ids, one after the other, each read back. Then, in each round, several PUTs with different bodies to one fresh id at the same moment on warm connections, two reads, and a count of the records. The rounds grow wider.',
  judges:
    'Passes when after every round there is one record with the state of one accepted PUT, and at least one round counts: two requests in flight together, every one answered, none with 429, 502, 503 or 504. Fails when there are two records, when the state is a mixture of two bodies, and when requests of two rounds are answered with a 500. Warns when two PUTs of a round are answered with 201. Losers may be refused (409, 412, 423, 428). Does not apply where PUT does not create.',
  expected: 'One 201, then 200 or 204 (or a refusal), and one of the bodies, whole.',
  why: 'An upsert that looks first and inserts afterwards answers the second of two PUTs with 500, or leaves two records under one address.',
  fix: 'Let the database decide: INSERT ... ON CONFLICT DO UPDATE on a unique key, in one statement; take the status from what it did.',
  guards: [
    'Every round goes to an id of its own that was never used.',
    'Only fields that a read shows as they were written, in both PUTs sent alone, are compared; the state counts when two reads agree.',
    'Where no list or count shows the records, a note says that a hidden second one would not show.',
    'Of a body that is a text its words are compared, where a read gives it back word for word.',
    'A 500 in a single round counts only when it comes again.',
  ],
  messages: {
    'record-added':
      '{width} simultaneous PUTs to one new address made {count} records; seen in {hits} of {rounds} rounds.',
    mixed:
      'After {width} simultaneous PUTs to one new address the state is a mixture: {one} of one body, {other} of another; seen in {hits} of {rounds} rounds.',
    'several-created':
      '{created} of {width} simultaneous PUTs to one new address were answered with 201; seen in {hits} of {rounds} rounds.',
    crashed: 'A PUT of the race was answered with {status} (in {hits} of {rounds} rounds).',
  },
  notes: {
    'records-uncounted': 'Whether there are two records could not be counted; give the resource a list to see it.',
  },

  select: subject => creatingPut(subject),

  *probe(target, tools) {
    const { read, resource } = target;
    const fresh = yield* freshPlaces(target, tools);
    const isMarked = yield* controlled(target, [fresh(), fresh()], tools);
    if (isMarked === null) return;
    yield* rounds(tools, function* (round, width) {
      const scope = fresh();
      const lanes = Array.from({ length: width }, (_, lane) => laneOf(target, scope, lane, isMarked, tools));
      const race = yield* together('race', lanes, { round, warmUp: warmUp(resource, scope) });
      yield* settle(tools);
      yield* send('state', outgoing(read, scope), round);
      yield* settle(tools);
      yield* send('state again', outgoing(read, scope), round);
      const counted = countedOf(target, [scope, ...lanes.map(lane => lane.scope)], race, tools);
      const readings = yield* effectsOf(
        'records',
        counted.map(one => ({ ...one, round })),
      );
      return { counted: null, proven: (recordsOf(readings) ?? 0) > 1 };
    });
  },

  judge(target, evidence) {
    const open = openAfterControl(evidence);
    if (open !== null) return open;
    const played = roundsOf(evidence, 'race').map(race => roundOf(target, evidence, race));
    return (
      added(played) ??
      mixed(evidence, played) ??
      crashed(played.map(({ race }) => race)) ??
      created(played) ??
      single(evidence, played)
    );
  },
});

/** The steps that are judged. */
type Steps = Evidence<ControlSteps | 'records' | 'state' | 'state again'>;

type Judged = Verdict<'record-added' | 'mixed' | 'several-created' | 'crashed', 'records-uncounted'>;

/**
 * What is counted of a round: the records under its id, where the list shows all; else those of each lane's marker, since
 * a list that is filtered by one does not show the others. Only by ids do answers say what there is to count.
 */
function countedOf(
  { operation, resource }: Putting,
  scopes: readonly Scope[],
  race: readonly Exchange[],
  { preflight }: Tools,
): readonly Omit<Counted, 'round'>[] {
  const { list, count, id, create } = resource;
  const common = { resource, operation: create ?? operation, since: null };
  const isById = list !== null && !list.filtered && count === null && id.from !== null;
  if (preflight.oracle === 'identity') return scopes.slice(0, 1).map(scope => ({ ...common, scope, seen: race }));
  const markers = [...new Map(scopes.map(scope => [scope.marker, scope])).values()];
  return (isById ? scopes.slice(0, 1) : markers).map(scope => ({ ...common, scope, seen: [] }));
}

interface Round extends Written {
  /** Records counted; `null` when they could not be. */
  readonly records: number | null;
}

function roundOf({ resource }: Putting, evidence: Steps, race: readonly Exchange[]): Round {
  const round = race[0]?.round ?? 0;
  const reads = [exchangeOf(evidence, 'state', round), exchangeOf(evidence, 'state again', round)] as const;
  const made = makeupOf(resource, reads, { race, earlier: [], verbatim: shownVerbatim(evidence) });
  return { race, made, records: recordsOf(readingsOf(evidence, 'records', round)) };
}

/**
 * The records that readings of several markers show together. A list that passes over its filter shows one record to each:
 * by its id it is one, as often as a single reading has it.
 */
function recordsOf(readings: readonly Reading[]): number | null {
  const seen = readings.map(({ count }) => count);
  if (seen.length === 0 || seen.includes(null)) return null;
  const areNamed = readings.every(({ ids, count }) => ids.length === count);
  if (!areNamed) return seen.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const most = new Map<string, number>();
  for (const { ids } of readings) {
    for (const id of ids) most.set(id, Math.max(most.get(id) ?? 0, ids.filter(one => one === id).length));
  }
  return [...most.values()].reduce((sum, times) => sum + times, 0);
}

function added(played: readonly Round[]): Judged | null {
  const hits = played.filter(({ records }) => records !== null && records > 1);
  const [hit] = hits;
  if (hit === undefined) return null;
  const { race, records } = hit;
  const args = { width: race.length, count: records ?? 0, hits: hits.length, rounds: played.length };
  return found(
    fail(
      'record-added',
      args,
      hits.flatMap(one => one.race),
    ),
  );
}

function mixed(evidence: Steps, played: readonly Round[]): Judged | null {
  const hits = played.flatMap(({ race, made }) => (made.kind === 'mixed' ? [{ race, parts: made.parts }] : []));
  const [first] = hits;
  if (first === undefined) return null;
  const { race, parts } = first;
  const [one, other] = [parts[0]?.path ?? '$', parts.at(-1)?.path ?? '$'];
  const args = { width: race.length, one, other, hits: hits.length, rounds: played.length };
  const proof = hits.flatMap(hit => [...hit.race, ...present(exchangeOf(evidence, 'state', hit.race[0]?.round))]);
  return found(fail('mixed', args, proof));
}

function created(played: readonly Round[]): Judged | null {
  const of = ({ race }: Round) => race.filter(exchange => statusOf(exchange) === 201);
  const hits = played.filter(round => of(round).length > 1);
  const [hit] = hits;
  if (hit === undefined) return null;
  const args = { created: of(hit).length, width: hit.race.length, hits: hits.length, rounds: played.length };
  return found(warn('several-created', args, hits.flatMap(of)));
}

function single(evidence: Steps, played: readonly Round[]): Judged {
  const { clean, open } = cleanRounds(evidence, played);
  if (open !== null) return open;
  const isCounted = evidence.preflight.countsToTwo && clean.some(({ records }) => records === 1);
  return pass([
    oddLoser(clean.flatMap(({ race }) => race)),
    !isCounted && note('records-uncounted'),
    racePowerNote(clean.map(({ race }) => race)),
  ]);
}
