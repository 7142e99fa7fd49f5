import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, roundsOf, type Circumstances } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import { effects, effectsOf, send, together } from '../../core/step.js';
import { fail, note, type Verdict } from '../../core/verdict.js';
import { listed } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isDoubled, passOne, stillPending } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { crashed, crashedAlone, crashesIn } from '../lib/racing/crashed.js';
import { counts, noRound, racePowerNote, rounds, settledReading, shownOf } from '../lib/racing/racing.js';
import { sibling, stage, warmUp } from '../lib/steps/stage.js';

/** Answers that are usual for a record that is there, or is just being made (AIP-133, RFC 9110 sections 15.4.4 and 15.5.10). */
const USUAL: readonly number[] = [200, 204, 303, 400, 409, 412, 422, 423];

export const naturalDuplicateConcurrent = defineCheck({
  id: 'natural-duplicate-concurrent',
  group: 'duplicates',
  title: 'A unique field stays unique when requests meet',
  severity: 'high',
  basis: 'declared',
  refs: ['RFC 9110 section 15.5.10', 'AIP-133'],
  sends:
    'In each round the same create with one fresh unique value, several times at the same moment on warm connections: without a key, or each with a key of its own where the operation takes one. The rounds grow wider and end when two records are seen. Where one crashed: the same twice, one after the other.',
  judges:
    'Passes when no round made two records and at least one round counts: one record, two requests in flight together, every request answered, none with 502, 503 or 504. Fails on the first round with two records, overlap or not, and when requests of two rounds are answered with a 500, as when the violation of the unique index is not caught. Another status than the usual ones for the losers (409, 422, 400, 200 and the like) is a note. Does not apply where no field is declared unique.',
  expected: 'One record, and a client error (409) or the existing record for all others.',
  why: 'Looking for the value first and inserting afterwards passes every test that sends one request after the other, and lets two sign-ups with one address through when they meet.',
  fix: 'Put a unique index on the field and let the insert decide; answer its violation with 409 or with the record that is there.',
  guards: [
    'Applies only where the spec declares a field unique.',
    'Records are counted, not answers.',
    'A pass needs an oracle that was seen to count to two, and it says how far it looked.',
    'A 500 in a single round counts only when it comes again, and none where the same requests crash one after the other; a 503 voids the round.',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
  ],
  messages: {
    'duplicate-created':
      '{fields} is declared unique, but {width} identical requests at once made {count} records; seen in {hits} of {rounds} rounds.',
    crashed: 'A request that lost the race was answered with {status} (in {hits} of {rounds} rounds).',
  },

  select({ operation, resource }) {
    if (operation.role !== 'create') return skip('not a create');
    if (operation.method === 'PUT') return skip('a PUT, which names what it creates');
    if ((operation.unique?.length ?? 0) === 0) return skip('no field is declared unique');
    return { operation, resource, fields: (operation.unique ?? []).join(', ') };
  },

  *probe(target, tools) {
    const shared = yield* stage(target, tools);
    let hasCrashed = false;
    yield* rounds(tools, function* (round, width) {
      const { played, seen } = yield* raced(target, sibling(target.resource, shared, tools), tools, { round, width });
      hasCrashed ||= crashesIn([seen]).length > 0;
      return played;
    });
    if (!hasCrashed) return;
    const scope = sibling(target.resource, shared, tools);
    for (const again of [0, 1]) yield* send('alone', unprotected(target, scope, tools), again);
  },

  judge(target, evidence) {
    const races = roundsOf(evidence, 'race').map((race): Round => ({
      race,
      reading: settledReading(evidence, race[0]?.round ?? 0),
    }));
    return (
      duplicated(target.fields, races) ??
      crashedAlone(allOf(evidence, 'alone')) ??
      crashed(races.map(({ race }) => race)) ??
      single(target, evidence, races)
    );
  },
});

type Judged = Verdict<'duplicate-created' | 'crashed', never>;
type Target = Pick<Subject, 'operation' | 'resource'>;

function* raced(
  { operation, resource }: Target,
  scope: Scope,
  tools: Tools,
  { round, width }: { readonly round: number; readonly width: number },
) {
  const since = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  const requests = Array.from({ length: width }, () => unprotected({ operation, resource }, scope, tools));
  const seen = yield* together('race', requests, { round, warmUp: warmUp(resource, scope) });
  const counted = { round, resource, operation, scope, seen, since };
  if (operation.marked) return { seen, played: { counted } };
  // Without a marker the records of later rounds would be counted too: this round is settled before they begin.
  const [settled] = yield* effectsOf('settled', [counted]);
  return { seen, played: { counted: null, proven: countOf(settled) >= 2 } };
}

/** An optional key is left out; any other is a new one each time, so that it protects nothing here. */
function unprotected({ operation }: Target, scope: Scope, tools: Tools): Outgoing {
  const isKeyed = operation.contract.key !== null && operation.contract.key.required !== false;
  return outgoing(operation, scope, isKeyed ? { key: tools.key() } : {});
}

/** One round as it is judged. */
interface Round {
  readonly race: readonly Exchange[];
  readonly reading: ReturnType<typeof settledReading>;
}

function duplicated(fields: string, races: readonly Round[]): Judged | null {
  const hits = races.filter(({ race, reading }) => isDoubled(reading, race));
  const [hit] = hits;
  if (hit === undefined) return null;
  const args = { fields, width: hit.race.length, count: countOf(hit.reading), hits: hits.length, rounds: races.length };
  return found(
    fail(
      'duplicate-created',
      args,
      hits.flatMap(({ race }) => shownOf(race)),
    ),
  );
}

function single({ resource }: Target, evidence: Circumstances, races: readonly Round[]): Judged {
  // A lock that is held may be told with 429, but where a rate limiter let one through, none met another.
  const counting = races.filter(({ race }) => counts(race));
  if (counting.some(({ reading }) => countOf(reading) >= 2)) return stillPending(evidence);
  const clean = counting.filter(({ reading }) => reading?.count === 1);
  const [best] = clean.length > 0 ? clean : counting;
  if (best === undefined) return noRound(races.map(({ race }) => race));
  const odd = clean.flatMap(({ race }) => race.filter(exchange => isOdd(exchange, race)))[0];
  return passOne(evidence, best.reading, best.race, ignoredPaths(evidence.preflight, resource), [
    odd !== undefined && note('status-outside', { status: statusOf(odd) ?? 0, expected: listed([409]) }),
    clean.length > 0 && racePowerNote(clean.map(({ race }) => race)),
  ]);
}

/** Whether a loser is answered in an unusual way; the first one accepted is the winner. */
function isOdd(exchange: Exchange, race: readonly Exchange[]): boolean {
  return exchange !== race.find(isSuccess) && !USUAL.includes(statusOf(exchange) ?? 0);
}
