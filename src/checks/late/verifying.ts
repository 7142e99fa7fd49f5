import { defineScenario, type Scenario, type Subject } from '../../core/check.js';
import { exchangeOf, readingOf, type Circumstances, type Evidence } from '../../core/evidence.js';
import { isAnswered, isSuccess, type Exchange, type Request } from '../../core/http.js';
import type { PlantedKey, SeenKey } from '../../core/planted-key.js';
import type { Reading } from '../../core/reading.js';
import type { Outgoing } from '../../core/resource.js';
import { withValues, type Scope } from '../../core/scope.js';
import { effectsOf, send, type Counted, type Probe } from '../../core/step.js';
import { inconclusive, type Verdict } from '../../core/verdict.js';
import { measured } from '../lib/judging/duration.js';
import { goalOf, lifetimeVerdict } from '../lib/judging/lifetime-verdict.js';
import { dateOf, heldAt, judgedSample, type Sample, unclearBecause } from '../lib/judging/lifetime.js';
import { aging, planting, repeating, type RepeatSteps } from '../lib/steps/aged-key.js';
import { optional } from '../lib/steps/made.js';
import { controlOf, shows } from './planting.js';

/** How many keys are looked at together: one wait for the counts to settle does for all of them. */
const BATCH = 20;

/** Clocks of the two sides may run apart by this part of an age, and a minute. */
const APART = 0.1;

/** What a later run needs to use planted keys again. */
export interface Verifying {
  readonly keys: readonly PlantedKey[];
  /** What earlier runs saw. */
  readonly seen: readonly SeenKey[];
  /** Milliseconds since 1970 at the beginning of the run. */
  readonly epochMs: number;
  /** Says for good that these keys are about to be used again. */
  readonly claim: (keys: readonly PlantedKey[]) => void;
  readonly digest: (request: Request) => string;
}

/** A key that was used again, and what came of it. */
export interface Verified {
  readonly key: PlantedKey;
  readonly sample: Sample;
  /** The repeat went out, or there was nothing left to repeat: it is of no more use. */
  readonly isSpent: boolean;
}

/** Uses planted keys again, each once; `results` fills as attempts are judged. */
export function verifyScenario(
  subject: Subject,
  verifying: Verifying,
): Scenario & { readonly results: ReadonlyMap<string, Verified> } {
  const results = new Map<string, Verified>();
  const bound = defineScenario({
    *probe(tools) {
      const control = yield* planting(subject, tools, 0);
      if (!isSuccess(control.exchange)) return;
      yield* aging(tools, control, 0, 0);
      if (!(yield* repeating(subject, control)).isHeld) return;
      const left = verifying.keys.map((key, at) => ({ key, round: at + 1 })).filter(({ key }) => !results.has(key.id));
      for (let from = 0; from < left.length; from += BATCH) {
        yield* again(subject, left.slice(from, from + BATCH), verifying);
      }
    },
    judge(evidence) {
      const control = controlOf(subject, evidence);
      verifying.keys.forEach((key, at) => {
        const verified = verifiedOf(subject, evidence, { key, round: at + 1 }, verifying);
        if (verified !== null) results.set(key.id, verified);
      });
      if (control !== null) return control;
      const own = [...results.values()].map(({ sample }) => sample);
      if (own.length === 0) return unclearBecause('none of the planted records could be read and counted');
      return verdictOf(subject, evidence, own, verifying.seen);
    },
  });
  return { ...bound, results };
}

function verdictOf(
  subject: Subject,
  evidence: Circumstances,
  own: readonly Sample[],
  seen: readonly SeenKey[],
): Verdict {
  const { contract } = subject.operation;
  const earlier = seen.flatMap(({ state, age }): readonly Sample[] =>
    state === 'held' ? [{ state, age, reading: undefined }] : [],
  );
  const verdict = lifetimeVerdict(contract, evidence, [...earlier, ...own]);
  if (verdict.verdict !== 'inconclusive' || verdict.reason !== 'wait-too-short') return verdict;
  return inconclusive('held-so-far', { held: measured(heldAt(own)), goal: measured(goalOf(contract)) });
}

interface Due {
  readonly key: PlantedKey;
  readonly round: number;
}

/** Reads and counts a batch, repeats what is still there, and counts it again. */
function* again(subject: Subject, batch: readonly Due[], { claim, digest }: Verifying): Probe<void, RepeatSteps> {
  const { resource, operation } = subject;
  const ready: { readonly due: Due; readonly request: Outgoing; readonly counted: Counted }[] = [];
  for (const due of batch) {
    const request = requestOf(subject, due.key);
    if (request === null || digest(request.request) !== due.key.request) continue;
    const read = optional(resource.read, placeOf(due.key));
    const isThere = read === null || isOurs(yield* send('planted', read, due.round), due.key);
    const { round, key } = due;
    const since: Reading = { ...key.before, step: 'before', attempt: 1, round, ids: [], trouble: null, exchanges: [] };
    const seen = standIn(subject, key);
    if (isThere) ready.push({ due, request, counted: { round, resource, operation, scope: key.scope, since, seen } });
  }
  const standing = yield* effectsOf(
    'standing',
    ready.map(({ counted }) => counted),
    'now',
  );
  const alive = ready.filter((_one, at) => (standing[at]?.count ?? 0) >= 1);
  if (alive.length > 0) claim(alive.map(({ due }) => due.key));
  const counted: Counted[] = [];
  for (const one of alive) {
    const replay = yield* send('replay', one.request, one.due.round);
    counted.push({ ...one.counted, seen: [...one.counted.seen, replay] });
  }
  if (counted.length > 0) yield* effectsOf('after', counted);
}

/** What an attempt says of one key; `null` = it did not get to it. */
function verifiedOf(
  subject: Subject,
  evidence: Evidence<RepeatSteps>,
  { key, round }: Due,
  { epochMs, digest }: Verifying,
): Verified | null {
  const [planted, replay] = [exchangeOf(evidence, 'planted', round), exchangeOf(evidence, 'replay', round)];
  const [standing, after] = [readingOf(evidence, 'standing', round), readingOf(evidence, 'after', round)];
  const request = requestOf(subject, key);
  if (request === null || digest(request.request) !== key.request) {
    return { key, sample: openFor('the spec builds another request than was planted'), isSpent: true };
  }
  if (replay === undefined) {
    const isGone =
      planted !== undefined && isAnswered(planted) && !isOurs(planted, key) && planted.response.status < 500;
    const isUncounted = standing !== undefined && standing.count === 0;
    if (!isGone && !isUncounted) return null;
    return { key, sample: openFor('the planted record is no longer there'), isSpent: true };
  }
  // A 429 says that the request was not looked at: it may be sent once more.
  if (isAnswered(replay) && replay.response.status === 429) return null;
  const { age, mostAge, apart } = agesOf(key, replay, epochMs);
  if (apart !== null) return { key, sample: openFor(apart), isSpent: true };
  const sample = judgedSample(subject, evidence, { age, mostAge, plant: undefined, planted, replay, standing, after });
  return { key, sample, isSpent: true };
}

/** Least and greatest age by both clocks, ours and the target's; `apart` says so where they do not agree. */
function agesOf(key: PlantedKey, replay: Exchange, epochMs: number) {
  const fromMs = Date.parse(key.plantedAt);
  const at = (us: number) => (epochMs + us / 1000 - fromMs) / 1000;
  const [least, most] = [at(replay.sentAtUs ?? replay.endAtUs), at(replay.endAtUs)];
  const [from, to] = [key.serverDate === null ? null : Date.parse(key.serverDate), dateOf(replay)];
  if (from === null || to === null) return { age: least, mostAge: most, apart: null };
  const theirs = (to - from) / 1000;
  const isApart = Math.abs(theirs - least) > least * APART + 60;
  const apart = isApart ? `our clock says ${measured(least)}, the target's Date ${measured(theirs)}` : null;
  // A Date has whole seconds.
  return { age: Math.max(0, Math.min(least, theirs)), mostAge: Math.max(most, theirs + 1), apart };
}

function openFor(detail: string): Sample {
  return { state: 'open', why: unclearBecause(detail) };
}

/** The request of a planted key, built anew; `null` when the spec does not give it any more. */
function requestOf({ operation }: Subject, { scope, key }: PlantedKey): Outgoing | null {
  return optional(operation, scope, { key });
}

/** The scope a read of the planted record is built from; `null` for an action. */
function placeOf({ scope, record }: PlantedKey): Scope | null {
  return record === null ? null : withValues(scope, { id: record });
}

/** Whether a read shows the record that was planted, and not another one under its id. */
function isOurs(read: Exchange, key: PlantedKey): boolean {
  return isSuccess(read) && (!key.showsMarker || shows(read, key.scope));
}

/** An exchange in the place of the one that an earlier run saw: it shows the id of the record. */
function standIn({ operation, resource }: Subject, { record }: PlantedKey): readonly Exchange[] {
  if (record === null) return [];
  const bare = { status: 201, headers: [], body: '{}', bodyEncoding: 'utf8', bodyBytes: 2, truncated: false } as const;
  const at = { sentAtUs: null, writtenAtUs: null, firstByteAtUs: null, endAtUs: 0 };
  const place = { n: 0, step: 'planted', attempt: 1, round: 0, lane: 0, sync: null, lost: null, lostDetail: null };
  const request = { method: operation.method, url: operation.path, headers: [], body: null };
  return [{ ...place, ...at, request, response: resource.id.place(bare, record) }];
}
