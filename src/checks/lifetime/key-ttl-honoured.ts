import { defineCheck, skip } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { allOf, exchangeOf, type Circumstances } from '../../core/evidence.js';
import { isSuccess } from '../../core/http.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, type Note, type Verdict } from '../../core/verdict.js';
import { lostAnswer, needsSuccess } from '../lib/http/answers.js';
import { voided } from '../lib/http/statuses.js';
import { passCounted } from '../lib/judging/counting.js';
import { duration, measured } from '../lib/judging/duration.js';
import { heldAt, movedIn, type Sample, sampleOf, unclearBecause } from '../lib/judging/lifetime.js';
import { aging, type Planted, planting, repeating } from '../lib/steps/aged-key.js';
import { actsAnew } from '../lib/steps/stage.js';
import { overRestart, restartVerdict } from './key-ttl-honoured/restarted.js';
import { stored, storedVerdict } from './key-ttl-honoured/stored.js';

/** Ages at which keys are tried again, seconds: just above the defaults of real libraries (30 s, 5 min, 30 min). */
const LADDER: readonly number[] = [5, 35, 70, 130, 310, 660, 1900];

/** The part of a lifetime within which a key must protect. The rest is slack for clocks and sweepers. */
const DUE = 0.9;

/** Ages that differ by less than the rest of this part are the same age. */
const SAME = 0.98;

/** Where a moved clock must have ended a key, as a part of its declared lifetime; without one, in seconds. */
const PAST = 1.2;
const LONG_PAST_S = 60 * 86_400;

export const keyTtlHonoured = defineCheck({
  id: 'key-ttl-honoured',
  group: 'lifetime',
  isLate: true,
  title: 'A key protects for as long as it is promised to',
  severity: 'high',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.3 (expired)'],
  sends:
    'Several requests at the start, each with a key and a marker of its own. Each is sent once more when it is 0, 5, 35, 70, 130, 310, 660 and 1900 s old, as far as `--max-wait` and the lifetime in question go; and at 90 % of a declared lifetime, or at the floors of the policy. With `hooks.clock` the ages beyond `--max-wait` are reached by moving the test clock, and one more key is tried when it must be over. Variant `store`, where the spec names one: one request, and looks into the store for its key meanwhile and afterwards. Variant `restart`, with `hooks.restart`: three keys, of which one is repeated before the service is restarted, and two after it.',
  judges:
    'Fails when a repeat takes a second effect before the declared lifetime is over (10 % slack). Where none is declared, fails when that happens at `ttlFloor.fail` (30 s) or sooner and warns below `ttlFloor.warn` (24 h): a policy of this tool, no standard. Passes when a key still protected at 90 % of the declared lifetime, or of `ttlFloor.warn`. Stays open when the run does not wait that long, and when the record that was planted is gone. What it says is always "held at", never "lives for". In the store: warns on an entry that never ends, on a mark in flight that never ends, and on less than the promise; effects are not judged by it. Over a restart: fails when a repeat takes a second effect although a lifetime is declared and not over, else warns.',
  expected: 'No second effect within the lifetime that is declared, or that retries need.',
  why: 'Retries come late: from a queue after an outage, from a phone that was offline. A key forgotten by then lets them through as new.',
  fix: 'Keep keys for as long as a client may retry: 24 h for most, 7 days for payments. Say so in the documentation, and keep them in a store that survives restarts and does not evict.',
  guards: [
    'Each key is repeated once: a repeat may prolong the life of a key.',
    'A key repeated at once must hold, or the lifetime is not judged.',
    'Before each repeat the planted record is read and counted; without it nothing follows.',
    'Held at: counted from the answer to the first request until the repeat is sent. Gone at: from when the first was sent to the answer to the repeat.',
    'A refusal that may come from a unique field says nothing about the key.',
    'A pass needs an oracle that was seen to count to two.',
    'By a moved clock a key passes only when another one was seen to end by it: a store may have a clock of its own.',
  ],
  messages: {
    'expired-early': 'Held at {held}, gone at {age}: lives [{held}, {age}), promised {ttl}.',
    'kept-for-ever': 'The store keeps an entry of the key without an end ({entry}); promised {ttl}. It only grows.',
    'pending-for-ever':
      'While its request is under way the key has no end in the store ({entry}): a crash then leaves it taken for ever.',
    'lost-on-restart':
      'A key that was used {age} before was gone after a restart: the retry took effect a second time.',
    'short-in-store': 'The store keeps the key for {left} more; promised {ttl}.',
    'short-lived': 'Held at {held}, gone at {age}: lives [{held}, {age}), promised nothing.',
  },
  notes: {
    'outlived-restart': 'Keys that were used before the restart still held after it.',
    held: 'Held at {held}; older keys were not tried.',
    'clock-moved': 'The test clock was moved by {moved}; ages beyond {maxWait} were not waited for.',
    stored: 'The store keeps the key for {left}.',
    'pending-stored': 'While its request was under way it was to be kept for {left}.',
    'held-longer': 'Another key still held at {held}: keys end unevenly (eviction, or several stores).',
  },

  variants: [null, 'store', 'restart'],

  select(subject, variant) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (contract.ttl === 0) return skip('declares that keys protect for no time');
    if (subject.operation.role === 'create' && subject.resource.id.from !== null) {
      return skip('the id that the client chooses protects a repeat, whatever becomes of the key');
    }
    if (variant === 'store' && subject.hasStore !== true) return skip('the spec names no store of keys');
    if (variant === 'restart' && !subject.hooks.has('restart')) return skip('the spec has no hook `restart`');
    return { ...subject, variant };
  },

  hooks: ({ hooks, variant }) =>
    variant === 'restart' ? ['restart'] : variant === null && hooks.has('clock') ? ['clock'] : [],

  *probe(target, tools) {
    if (target.variant === 'store') return yield* stored(target, tools);
    if (target.variant === 'restart') return yield* overRestart(target, tools);
    const ages = rungs(target.operation.contract, tools.maxWaitMs / 1000, target.hooks.has('clock'));
    const planted: Planted[] = [];
    for (const round of ages.keys()) {
      const plant = yield* planting(target, tools, round);
      if (!isSuccess(plant.exchange)) return;
      planted.push(plant);
    }
    let moved = 0;
    for (const plant of planted) {
      moved = yield* aging(tools, plant, ages[plant.round] ?? 0, moved);
      yield* repeating(target, plant);
    }
  },

  judge(target, evidence) {
    if (target.variant === 'store') return storedVerdict(target.operation.contract, evidence);
    if (target.variant === 'restart') return restartVerdict(target, evidence);
    const unusable = allOf(evidence, 'plant')
      .map(exchange => voided(exchange) ?? needsSuccess(exchange))
      .find(isThere);
    if (unusable !== undefined) return unusable;
    const first = exchangeOf(evidence, 'plant', 0);
    if (first === undefined) return lostAnswer(first);
    const control = sampleOf(target, evidence, first);
    if (control.state === 'open') return control.why;
    if (control.state === 'gone') return unclearBecause('a key repeated at once did not hold');
    const samples = allOf(evidence, 'plant').map(plant => sampleOf(target, evidence, plant));
    return lifetimeVerdict(target.operation.contract, evidence, samples);
  },

  observe(target, evidence) {
    const plants = target.variant === 'store' ? [] : allOf(evidence, 'plant');
    const samples = plants.map(plant => sampleOf(target, evidence, plant));
    const gone = samples.filter(sample => sample.state === 'gone').toSorted((a, b) => a.age - b.age)[0];
    // A clock that no key was seen to follow moves no key.
    if (samples[0]?.state !== 'held' || (gone === undefined && movedIn(evidence) > 0)) return [];
    const atLeast = Math.floor(heldAt(samples, gone?.age ?? Infinity));
    if (gone === undefined && atLeast === 0) return [];
    const held = plants.filter((_, at) => samples[at]?.state === 'held');
    const replays = held.flatMap(({ round }) => allOf(evidence, 'replay', round));
    const proof = [...held, ...replays, ...(gone?.exchanges ?? [])];
    return [seen('lifetime', { atLeast, below: gone === undefined ? null : Math.ceil(gone.age) }, proof)];
  },
});

type Notes = 'held' | 'clock-moved' | 'held-longer';
type Judged = Verdict<'expired-early' | 'short-lived', Notes>;

/** What keys of several ages say together: the youngest that was gone, else the oldest that held. */
export function lifetimeVerdict(contract: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged {
  return goneEarly(contract, evidence, samples) ?? heldOrOpen(contract, evidence, samples);
}

/** Seconds after which nothing more is to be shown: what is due of the declared lifetime, else of our own policy's. */
export function goalOf({ ttl, ttlFloor }: Contract): number {
  return DUE * (typeof ttl === 'number' ? ttl : ttlFloor.warn);
}

/**
 * The ages at which keys are repeated, ascending, in seconds: at once, the ladder, and the ages at which the verdict
 * turns. None beyond the goal; none beyond what the run waits, unless the clock can be moved: then all, and one when the
 * key must be over.
 */
function rungs(contract: Contract, maxWait: number, hasClock: boolean): readonly number[] {
  const goal = goalOf(contract);
  const turns = contract.ttl === 'unknown' ? [contract.ttlFloor.fail, goal] : [goal];
  const ages = [0, ...LADDER, ...turns].filter(age => age <= goal && (age <= maxWait || hasClock));
  const past = pastOf(contract);
  const isMoved = hasClock && goal > maxWait && past !== null;
  return [...new Set(isMoved ? [...ages, past] : ages)].toSorted((a, b) => a - b);
}

/** The age at which a moved clock must have ended a key; `null` = keys are promised to last. */
function pastOf({ ttl, ttlFloor }: Contract): number | null {
  if (ttl === 'never') return null;
  return typeof ttl === 'number' ? ttl * PAST : Math.max(LONG_PAST_S, ttlFloor.warn * 2);
}

/** The youngest key that was gone, judged by what was promised or by our policy. */
function goneEarly({ ttl, ttlFloor }: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged | null {
  const [gone] = samples.filter(sample => sample.state === 'gone').toSorted((a, b) => a.age - b.age);
  if (gone === undefined) return null;
  const longest = heldAt(samples);
  const notes: readonly (Note<Notes> | null)[] = [
    longest > gone.age * SAME ? note('held-longer', { held: measured(longest) }) : null,
    movedNote(evidence),
  ];
  const args = { age: measured(gone.age), held: measured(heldAt(samples, gone.age * SAME)) };
  if (ttl === 'unknown') {
    if (Math.round(gone.age) >= ttlFloor.warn) return null;
    const level = Math.round(gone.age) <= ttlFloor.fail ? 'fail' : 'warn';
    return told(fail('short-lived', args, gone.exchanges, { level, basis: 'convention' }), notes);
  }
  if (ttl !== 'never' && gone.age > ttl * ((1 + DUE) / 2)) return null;
  const declared = ttl === 'never' ? 'for ever' : duration(ttl);
  return told(fail('expired-early', { ...args, ttl: declared }, gone.exchanges, { basis: 'declared' }), notes);
}

function heldOrOpen(contract: Contract, evidence: Circumstances, samples: readonly Sample[]): Judged {
  const age = heldAt(samples);
  const held = measured(age);
  const best = samples.find(sample => sample.state === 'held' && sample.age === age && sample.reading !== undefined);
  const moved = movedIn(evidence);
  if (best?.state === 'held' && age >= goalOf(contract)) {
    // A clock that no store follows would let every key pass.
    const hasEnded = samples.some(sample => sample.state === 'gone');
    if (moved > 0 && !hasEnded) {
      const detail = `the test clock was moved by ${measured(moved)} and no key ended, so that nothing shows that the store follows it`;
      return unclearBecause(detail);
    }
    return passCounted(evidence, best.reading, [note('held', { held }), movedNote(evidence)]);
  }
  const final = samples.at(-1);
  if (final?.state === 'open') return final.why;
  if (final?.state === 'gone') return unclearBecause(`the key was gone at ${measured(final.age)}, within the slack`);
  return inconclusive('wait-too-short', { held, maxWait: duration(evidence.maxWaitMs / 1000) });
}

function movedNote(evidence: Circumstances): Note<'clock-moved'> | null {
  const moved = movedIn(evidence);
  if (moved === 0) return null;
  return note('clock-moved', { moved: measured(moved), maxWait: duration(evidence.maxWaitMs / 1000) });
}

function told(
  finding: Extract<Judged, { readonly findings: unknown }>['findings'][number],
  notes: readonly (Note<Notes> | null)[],
): Judged {
  return { verdict: finding.level, findings: [finding], notes: notes.filter(isThere) };
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
