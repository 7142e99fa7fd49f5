import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import type { Contract } from '../../core/contract.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../core/http.js';
import { later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, warn, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, isRefusal, listed, voided } from '../lib/http/statuses.js';
import { countTrouble, passCounted } from '../lib/judging/counting.js';
import { duration, measured } from '../lib/judging/duration.js';
import { found } from '../lib/judging/found.js';
import { ageOf, movedIn, sampleOf, unclearBecause } from '../lib/judging/lifetime.js';
import { aging, planting, repeating } from '../lib/steps/aged-key.js';
import { actsAnew } from '../lib/steps/stage.js';

/** How far beyond its lifetime a key is tried: slack for clocks and sweepers. */
const PAST = 1.2;

/** A second look comes this much later, seconds: at least and at most. */
const AGAIN = { least: 3, most: 30 } as const;

export const keyExpiredBehaviour = defineCheck({
  id: 'key-expired-behaviour',
  group: 'lifetime',
  isLate: true,
  title: 'A key whose lifetime is over frees itself, or is refused as documented',
  severity: 'medium',
  basis: 'declared',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.3 (expired)'],
  sends:
    'Two requests, each with a key and a marker of its own. One is sent once more at once, the other when its key is 20 % older than the declared lifetime; by waiting where `--max-wait` allows, else by moving the test clock (`hooks.clock`). An answer that refuses is looked at again 3 to 30 s later, and then the same request is sent under a new key.',
  judges:
    'Passes when the late repeat is carried out anew, or is refused with a status declared in `contract.expired`; with a note when the old answer still comes: keys may live longer than promised. Fails when the key stays in flight (409, 423 or 425, twice), when the repeat crashes, twice, and when it is carried out although refusal is declared. Warns on other refusals. Stays open when the lifetime is longer than the run waits.',
  expected: 'Carried out anew, or refused with the declared status.',
  why: 'A mark that outlives its answer blocks the key for ever: each later retry is told to wait for a request that ended long ago.',
  fix: 'Give the in-flight mark and the stored answer the same fate: a time to live on both, removed together.',
  guards: [
    'A key repeated at once must hold, or nothing is judged.',
    'The planted record is read and counted first; without it nothing follows.',
    'Refused once is not enough: the same answer must come again later.',
    'The same request under a new key must be carried out: else a unique field may have refused the repeat, not the key.',
    'Where a repeat is promised a conflict, the refusal that a finished key is answered with is the old answer.',
    'By a moved clock an old answer proves nothing: the store may have a clock of its own.',
  ],
  messages: {
    stuck: 'The key was promised to live {ttl}; at {age} it is still in flight ({status}), and again {later} later.',
    crashed: 'The repeat after the end of the key was answered with {status}, twice.',
    'executed-anew':
      'At {age} the repeat was carried out anew, although {expected} is declared for a key that is over.',
    refused: 'At {age} the repeat was refused with {status}; nothing says so of a key that is over.',
  },
  notes: {
    executed: 'Carried out anew at {age}; promised {ttl}.',
    'still-held': 'The old answer still came at {age}: keys live longer than the promised {ttl}.',
    'refused-as-declared': 'Refused with {status} at {age}, as declared.',
    'clock-moved': 'The test clock was moved by {moved}.',
  },

  select(subject) {
    const { contract } = subject.operation;
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (contract.key === null) return skip('takes no idempotency key');
    if (typeof contract.ttl !== 'number') return skip('no lifetime of keys is declared that could be over');
    if (contract.ttl === 0) return skip('declares that keys protect for no time');
    if (subject.operation.role === 'create' && subject.resource.id.from !== null) {
      return skip('the id that the client chooses answers a repeat, whatever becomes of the key');
    }
    return { ...subject, ttl: contract.ttl };
  },

  misfit: (_target, { secondRefused }) =>
    secondRefused === undefined
      ? null
      : 'its state permits the action once: a repeat is refused whatever becomes of the key',

  hooks: ({ hooks }) => (hooks.has('clock') ? ['clock'] : []),

  *probe(target, tools) {
    if (!isReachable(target, tools.maxWaitMs)) return;
    const control = yield* planting(target, tools, 0);
    if (!isSuccess(control.exchange)) return;
    const planted = yield* planting(target, tools, 1);
    if (!isSuccess(planted.exchange)) return;
    yield* aging(tools, control, 0, 0);
    yield* repeating(target, control);
    yield* aging(tools, planted, target.ttl * PAST, 0);
    const { replay } = yield* repeating(target, planted);
    const status = statusOf(replay);
    if (status === null || !(isCrash(status) || isRefusal(status))) return;
    yield* later('wait again', againAfter(target, tools) * 1000, replay.endAtUs);
    const again = yield* send('again', planted.request, 1);
    if (statusOf(again) !== status) return;
    yield* send('other key', outgoing(target.operation, planted.scope, { key: tools.key() }), 1);
  },

  judge(target, evidence) {
    const ttl = duration(target.ttl);
    if (evidence.exchanges.length === 0 && !isReachable(target, evidence.maxWaitMs)) {
      return inconclusive('lifetime-too-long', { ttl, maxWait: duration(evidence.maxWaitMs / 1000) });
    }
    const [first, plant] = [exchangeOf(evidence, 'plant', 0), exchangeOf(evidence, 'plant', 1)];
    const unusable = voided(first, plant) ?? needsSuccess(first) ?? needsSuccess(plant);
    if (unusable !== null || first === undefined || plant === undefined) return unusable ?? lostAnswer(plant);
    const control = sampleOf(target, evidence, first);
    if (control.state === 'open') return control.why;
    if (control.state === 'gone') return unclearBecause('a key repeated at once did not hold');
    return judgedLate(target, evidence, plant);
  },

  observe(_target, evidence, verdict) {
    const replay = exchangeOf(evidence, 'replay', 1);
    if (verdict.verdict === 'inconclusive' || !hasAnswer(replay)) return [];
    const codes: readonly string[] = [...verdict.notes, ...('findings' in verdict ? verdict.findings : [])].map(
      ({ code }) => code,
    );
    const proof = present(exchangeOf(evidence, 'plant', 1), replay);
    if (codes.includes('executed') || codes.includes('executed-anew')) return [seen('expired', 'executed', proof)];
    const isRefused = codes.includes('refused-as-declared') || codes.includes('refused');
    return isRefused ? [seen('expired', replay.response.status, proof)] : [];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'replay' | 'again' | 'standing' | 'planted' | 'other key' | 'after'>;

type Target = Subject & { readonly ttl: number };
type Judged = Verdict<
  'stuck' | 'crashed' | 'executed-anew' | 'refused',
  'executed' | 'still-held' | 'refused-as-declared' | 'clock-moved'
>;

function isReachable({ ttl, hooks }: Target, maxWaitMs: number): boolean {
  return hooks.has('clock') || ttl * PAST * 1000 <= maxWaitMs;
}

/** Seconds until the second look: what is left of the longest wait, within bounds. */
function againAfter({ ttl }: Target, { maxWaitMs }: Tools): number {
  return Math.min(AGAIN.most, Math.max(AGAIN.least, maxWaitMs / 1000 - ttl * PAST));
}

/** What the repeat of a key says that must be over. */
function judgedLate(target: Target, evidence: Steps, plant: Exchange): Judged {
  const [replay, again] = [exchangeOf(evidence, 'replay', 1), exchangeOf(evidence, 'again', 1)];
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const standing = readingOf(evidence, 'standing', 1);
  const planted = exchangeOf(evidence, 'planted', 1);
  const uncounted = countTrouble(evidence, standing);
  if (uncounted !== null) return uncounted;
  if ((planted !== undefined && !isSuccess(planted)) || (standing?.count ?? 0) < 1) {
    return unclearBecause('the planted record was no longer there');
  }
  const { status } = replay.response;
  const args = { status, age: measured(ageOf(evidence, plant, replay)), ttl: duration(target.ttl) };
  const moved = movedIn(evidence);
  const described = moved > 0 && note('clock-moved', { moved: measured(moved) });
  const { expired, replayMode } = target.operation.contract;
  if (expired?.includes(status) === true) {
    return passCounted(evidence, standing, [note('refused-as-declared', args), described]);
  }
  // Where a repeat is promised a conflict, the refusal of a finished key is the old answer.
  const isOldAnswer = replayMode.startsWith('conflict') && status === statusOf(exchangeOf(evidence, 'replay', 0));
  if (isCrash(status) || (isRefusal(status) && !isOldAnswer)) {
    const other = exchangeOf(evidence, 'other key', 1);
    return refusedLate(target.operation.contract, args, present(plant, replay), again, other);
  }
  const sample = sampleOf(target, evidence, plant);
  if (sample.state === 'open') return sample.why;
  if (sample.state === 'held') {
    if (moved > 0) return unclearBecause('the old answer still came: the store may not follow the test clock');
    return passCounted(evidence, sample.reading, [note('still-held', args)]);
  }
  if (expired !== undefined) {
    return found(fail('executed-anew', { ...args, expected: listed(expired) }, sample.exchanges));
  }
  return passCounted(evidence, readingOf(evidence, 'after', 1), [note('executed', args), described]);
}

/** What a refusal or a crash says that came twice; one that did not come again says nothing. */
function refusedLate(
  { inflight }: Contract,
  args: { readonly status: number; readonly age: string; readonly ttl: string },
  before: readonly Exchange[],
  again: Exchange | undefined,
  other: Exchange | undefined,
): Judged {
  const unusable = voided(...before, again);
  if (unusable !== null) return unusable;
  if (!hasAnswer(again)) return lostAnswer(again);
  const proof = [...before, again];
  if (again.response.status !== args.status) {
    return unclearBecause(`the repeat was answered with ${args.status}, then with ${again.response.status}`);
  }
  if (!hasAnswer(other)) return lostAnswer(other);
  if (!isSuccess(other)) {
    return unclearBecause(`the same request under a new key was answered with ${statusOf(other)} as well`);
  }
  if (isCrash(args.status)) return found(fail('crashed', args, proof));
  const isInFlight = [409, 423, 425, ...inflight.statuses].includes(args.status);
  const waited = (again.sentAtUs ?? again.endAtUs) - (before.at(-1)?.endAtUs ?? again.endAtUs);
  return found(
    isInFlight ? fail('stuck', { ...args, later: measured(waited / 1_000_000) }, proof) : warn('refused', args, proof),
  );
}
