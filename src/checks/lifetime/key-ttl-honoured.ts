import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import type { Evidence } from '../../core/evidence.js';
import { isSuccess, type Exchange } from '../../core/http.js';
import type { Outgoing } from '../../core/resource.js';
import type { Reading } from '../../core/reading.js';
import type { Scope } from '../../core/scope.js';
import { effects, later, send, type Probe } from '../../core/step.js';
import { fail, inconclusive, note, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/answers.js';
import { countTrouble, passCounted } from '../lib/counting.js';
import { isPending } from '../lib/doubled.js';
import { duration } from '../lib/duration.js';
import { found } from '../lib/found.js';
import { isNaturallyUnique, madeScope, optional } from '../lib/made.js';
import { actsAnew, stage } from '../lib/stage.js';
import { isCrash, isRefusal, voided } from '../lib/statuses.js';

/** Ages at which keys are tried again, seconds: just above the defaults of real libraries (30 s, 5 min, 30 min). */
const LADDER: readonly number[] = [5, 35, 70, 130, 310, 660, 1900];

/** The part of a lifetime within which a key must protect. The rest is slack for clocks and sweepers. */
const DUE = 0.9;

export const keyTtlHonoured = defineCheck({
  id: 'key-ttl-honoured',
  group: 'lifetime',
  title: 'A key protects for as long as it is promised to',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.3 (expired)'],
  sends:
    'Several requests at the start, each with a key and a marker of its own. Each is sent once more when it is 0, 5, 35, 70, 130, 310, 660 and 1900 s old, as far as `--max-wait` and the lifetime in question go; and at 90 % of a declared lifetime, or at the floors of the policy.',
  judges:
    'Fails when a repeat takes a second effect before the declared lifetime is over (10 % slack). Where none is declared, fails when that happens at `ttlFloor.fail` (30 s) or sooner and warns below `ttlFloor.warn` (24 h): a policy of this tool, no standard. Passes when a key still protected at 90 % of the declared lifetime, or of `ttlFloor.warn`. Stays open when the run does not wait that long, and when the record that was planted is gone. What it says is always "held at", never "lives for".',
  expected: 'No second effect within the lifetime that is declared, or that retries need.',
  why: 'Retries come late: from a queue after an outage, from a phone that was offline. A key forgotten by then lets them through as new.',
  fix: 'Keep keys for as long as a client may retry: 24 h for most, 7 days for payments. Say so in the documentation, and keep them in a store that survives restarts and does not evict.',
  guards: [
    'Each key is repeated once: a repeat may prolong the life of a key.',
    'A key repeated at once must hold, or the lifetime is not judged.',
    'Before each repeat the planted record is read and counted; without it nothing follows.',
    'Age is counted from the answer to the first request until the repeat is sent.',
    'A refusal that may come from a unique field says nothing about the key.',
    'A pass needs an oracle that was seen to count to two.',
  ],
  messages: {
    'expired-early': 'A key was gone at {age}, held at {held}; declared: {ttl}.',
    'short-lived': 'No lifetime is declared; a key was gone at {age}, held at {held}.',
  },
  notes: {
    held: 'Keys held at {held}; older ones were not tried.',
  },

  select(subject) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (contract.ttl === 0) return skip('declares that keys protect for no time');
    if (subject.operation.role === 'create' && subject.resource.id.from !== null) {
      return skip('the id that the client chooses protects a repeat, whatever becomes of the key');
    }
    return subject;
  },

  *probe(target, tools) {
    const planted: Planted[] = [];
    for (const [round, age] of rungs(target.operation.contract, tools.maxWaitMs / 1000).entries()) {
      const plant = yield* planting(target, tools, round, age);
      if (!isSuccess(plant.exchange)) return;
      planted.push(plant);
    }
    for (const plant of planted) yield* repeated(target, tools, plant);
  },

  judge(target, evidence) {
    const unusable = evidence
      .all('plant')
      .map(exchange => voided(exchange) ?? needsSuccess(exchange))
      .find(isThere);
    if (unusable !== undefined) return unusable;
    const first = evidence.exchange('plant', 0);
    if (first === undefined) return lostAnswer(first);
    const control = sampleOf(target, evidence, first);
    if (control.state === 'open') return control.why;
    if (control.state === 'gone') return unclearBecause('a key repeated at once did not hold');
    const samples = evidence.all('plant').map(plant => sampleOf(target, evidence, plant));
    return goneEarly(target.operation.contract, samples) ?? heldOrOpen(target.operation.contract, evidence, samples);
  },
});

type Judged = Verdict<'expired-early' | 'short-lived', 'held'>;

/** Seconds after which nothing more is to be shown: what is due of the declared lifetime, else of our own policy's. */
function goalOf({ ttl, ttlFloor }: Contract): number {
  return DUE * (typeof ttl === 'number' ? ttl : ttlFloor.warn);
}

/**
 * The ages at which keys are repeated, ascending, in seconds: at once, the ladder, and the ages at which the verdict
 * turns. None beyond the goal or beyond what the run waits.
 */
function rungs(contract: Contract, maxWait: number): readonly number[] {
  const goal = goalOf(contract);
  const turns = contract.ttl === 'unknown' ? [contract.ttlFloor.fail, goal] : [goal];
  const ages = [0, ...LADDER, ...turns].filter(age => age <= goal && age <= maxWait);
  return [...new Set(ages)].toSorted((a, b) => a - b);
}

interface Planted {
  readonly round: number;
  readonly age: number;
  readonly scope: Scope;
  readonly request: Outgoing;
  readonly before: Reading;
  readonly exchange: Exchange;
}

function* planting({ operation, resource }: Subject, tools: Tools, round: number, age: number): Probe<Planted> {
  const scope = yield* stage({ operation, resource }, tools);
  const before = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  const request = outgoing(operation, scope, { key: tools.key() });
  const exchange = yield* send('plant', request, round);
  return { round, age, scope, request, before, exchange };
}

/** Both counts start from the same reading: their difference is what the repeat did, whatever else was planted since. */
function* repeated({ operation, resource }: Subject, tools: Tools, planted: Planted): Probe {
  const { round, age, scope, request, before, exchange } = planted;
  yield* later('wait', Math.max(age * 1000, tools.baseline.lagMs, 100), exchange.endAtUs);
  const counted = { round, resource, operation, scope, since: before };
  const read = optional(resource.read, madeScope({ operation, resource }, scope, exchange));
  if (read !== null) yield* send('planted', read, round);
  yield* effects('standing', { ...counted, seen: [exchange] }, 'now');
  const replay = yield* send('replay', request, round);
  yield* effects('after', { ...counted, seen: [exchange, replay] });
}

/** What became of one key: `open` = nothing can be said, and `why` says so. */
type Sample =
  | { readonly state: 'held'; readonly age: number; readonly reading: Reading | undefined }
  | { readonly state: 'gone'; readonly age: number; readonly exchanges: readonly Exchange[] }
  | { readonly state: 'open'; readonly why: Verdict<never, never> };

function sampleOf(target: Subject, evidence: Evidence, plant: Exchange): Sample {
  const { round } = plant;
  const [planted, replay] = [evidence.exchange('planted', round), evidence.exchange('replay', round)];
  const [standing, after] = [evidence.reading('standing', round), evidence.reading('after', round)];
  if (replay === undefined) return { state: 'open', why: lostAnswer(replay) };
  const age = ((replay.sentAtUs ?? replay.endAtUs) - plant.endAtUs) / 1_000_000;
  const why = planted !== undefined && !isSuccess(planted) ? vanished(age) : countTrouble(evidence, standing);
  if (why !== null) return { state: 'open', why };
  const [stood, stands] = [standing?.count ?? 0, after?.count ?? null];
  if (stood < 1) return { state: 'open', why: vanished(age) };
  if (stands !== null && stands - stood >= 1 && !isPending(after, [plant, replay])) {
    return { state: 'gone', age, exchanges: present(plant, replay) };
  }
  const open = countTrouble(evidence, after) ?? unclear(target, replay);
  if (open !== null) return { state: 'open', why: open };
  return stands === stood ? { state: 'held', age, reading: after } : { state: 'open', why: vanished(age) };
}

function vanished(age: number): Verdict<never, never> {
  return unclearBecause(`the planted record was no longer there at ${duration(age)}`);
}

function unclearBecause(detail: string): Verdict<never, never> {
  return inconclusive('control-failed', { detail });
}

/** Answers to a late repeat from which nothing follows although it had no effect. */
function unclear(target: Subject, replay: Exchange): Verdict<never, never> | null {
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const { status } = replay.response;
  const mayBeUnique = isRefusal(status) && isNaturallyUnique(target);
  if (isCrash(status) || mayBeUnique) return unclearBecause(`the late repeat was answered with ${status}`);
  return voided(replay);
}

/** The youngest key that was gone, judged by what was promised or by our policy. */
function goneEarly({ ttl, ttlFloor }: Contract, samples: readonly Sample[]): Judged | null {
  const [gone] = samples.filter(sample => sample.state === 'gone').toSorted((a, b) => a.age - b.age);
  if (gone === undefined) return null;
  const args = { age: duration(gone.age), held: duration(heldAt(samples, gone.age)) };
  if (ttl === 'unknown') {
    if (Math.round(gone.age) >= ttlFloor.warn) return null;
    const level = Math.round(gone.age) <= ttlFloor.fail ? 'fail' : 'warn';
    return found(fail('short-lived', args, gone.exchanges, { level, basis: 'convention' }));
  }
  if (ttl !== 'never' && gone.age > ttl * ((1 + DUE) / 2)) return null;
  const declared = ttl === 'never' ? 'keys never expire' : duration(ttl);
  return found(fail('expired-early', { ...args, ttl: declared }, gone.exchanges, { basis: 'declared' }));
}

/** The greatest age below `limit` at which a key held, seconds. */
function heldAt(samples: readonly Sample[], limit = Infinity): number {
  return Math.max(0, ...samples.flatMap(item => (item.state === 'held' && item.age < limit ? [item.age] : [])));
}

function heldOrOpen(contract: Contract, evidence: Evidence, samples: readonly Sample[]): Judged {
  const age = heldAt(samples);
  const held = duration(age);
  const best = samples.find(sample => sample.state === 'held' && sample.age === age);
  if (best?.state === 'held' && age >= goalOf(contract)) {
    return passCounted(evidence, best.reading, [note('held', { held })]);
  }
  const final = samples.at(-1);
  if (final?.state === 'open') return final.why;
  if (final?.state === 'gone') return unclearBecause(`the key was gone at ${duration(final.age)}, within the slack`);
  return inconclusive('wait-too-short', { held, maxWait: duration(evidence.maxWaitMs / 1000) });
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
