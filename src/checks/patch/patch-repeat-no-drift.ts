import { arrange, make, outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject } from '../../core/check.js';
import { exchangeOf, exchangesOf, lastOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, type Answered } from '../../core/http.js';
import { isThereOnce, sampleOf } from '../../core/sample.js';
import { later, send } from '../../core/step.js';
import { findings, inconclusive, note, pass, suspect, warn } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { readTrouble } from '../lib/http/state.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { fieldsIn } from '../lib/json/fields.js';
import { isJsonPatch } from '../lib/json/patching.js';
import { driftBetween, isRestless, movesNumber, withoutCountOfAll, type Drift } from '../lib/judging/drift.js';
import { movedAgain } from '../lib/judging/elsewhere.js';
import { shown } from '../lib/judging/refused.js';
import { countElsewhere, lookElsewhere } from '../lib/steps/elsewhere.js';
import { twinRepeat } from '../lib/steps/twin.js';
import { attempt, NEXT_SECOND_MS, settle, writing } from '../lib/steps/writing.js';

/** Answers to the repeat that say a version is wanted; a 400 is not among them, since the first PATCH was fine. */
const WANTED: readonly number[] = [409, 412, 428];

export const patchRepeatNoDrift = defineCheck({
  id: 'patch-repeat-no-drift',
  group: 'patch',
  title: 'Repeating a PATCH that sets fields does not drift',
  severity: 'low',
  basis: 'convention',
  refs: ['RFC 5789 section 2', 'RFC 7396'],
  sends:
    'Creates a resource and patches it; reads it twice, a second apart, to learn what changes by itself; sends the same patch again, under a new key where it takes one, and reads once more. Where a number moved: the same twice on a twin, with three writes to the first one between. Where a PATCH was seen to move something on a parent, that is looked at before and after each. Where a version is wanted, each PATCH carries the current one.',
  judges:
    'Passes when the state after the repeat is the state before it, with a note when the repeat was refused. Warns when a field the client wrote, the length of a list, a number or a boolean differs, and when the repeat moved a parent once more by what the first one moved it (again on a fresh resource). Fails only when the repeat crashes, again on a fresh resource. A version, another text or a time may move, and a number that moves by another step on the twin. Does not apply to a JSON Patch, whose steps may well add up.',
  expected: 'The second, identical patch changes nothing.',
  why: 'PATCH need not be idempotent, but clients repeat one whose answer was lost and expect that setting a field twice is setting it once.',
  fix: 'Let a merge patch set what it says and nothing else; give what adds or counts an operation of its own, with an idempotency key.',
  guards: [
    'Drift alone never fails: no standard makes PATCH idempotent.',
    'What changes between two reads without a write is left out, as is what the spec calls volatile.',
    'What a PATCH moves on a parent (points, a total) is learned from two lone ones; any other movement says nothing.',
    'A 409, 412 or 428 on the repeat is answered with a fresh version.',
    'A field that only now shows what was written has not drifted: the read before came too early.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    drifted: 'After the second, identical PATCH {path} is {after}; before it was {before}.',
    'effect-repeated': 'The second, identical PATCH did something once more. Of both together: {moved}.',
    crashed: 'The second, identical PATCH was answered with {status}.',
  },
  notes: {
    moved:
      'The repeat moved {paths}: a version, a time, a text that the patch does not name, or a count of all writes.',
    'repeat-refused': 'The second, identical PATCH was refused with {status}; the state stayed as it was.',
  },

  select({ operation, resource }) {
    if (operation.role !== 'update' || operation.method !== 'PATCH') return skip('not a PATCH of a resource');
    const isPlaced = resource.create !== null || isThereOnce(resource, operation);
    if (!isPlaced) return skip('no create operation to make something to patch');
    if (resource.read === null) return skip('no read operation to see the state with');
    const sample = sampleOf(operation, resource);
    if (sample !== null && isJsonPatch(sample)) return skip('a JSON Patch, whose steps may add up');
    return { operation, resource, read: resource.read };
  },

  *probe({ operation, resource, read }, tools) {
    const scope = resource.create === null ? yield* arrange(resource, tools) : (yield* make(resource, tools)).scope;
    const place = { resource, scope };
    const look = outgoing(read, scope);
    const patch = () => outgoing(operation, scope, { key: tools.key() });
    yield* settle(tools);
    const looked = yield* lookElsewhere({ operation, resource }, scope, tools);
    const { exchange: first, version } = yield* attempt('first', patch(), place);
    if (!isSuccess(first)) return;
    yield* settle(tools);
    const state = yield* send('state', look);
    yield* later('control', NEXT_SECOND_MS);
    const control = yield* send('control', look);
    yield* countElsewhere('elsewhere once', looked, [first]);
    const repeat = yield* writing('repeat', patch(), place, version === null ? { wanted: WANTED } : {});
    yield* settle(tools);
    yield* countElsewhere('elsewhere after', looked, [first, repeat]);
    const after = yield* send('state-after', look);
    if (movesNumber(driftBetween(resource, first, [state, control, after]))) {
      yield* twinRepeat({ operation, read }, place, tools);
    }
  },

  judge({ resource }, evidence) {
    const [first, repeat] = [lastOf(evidence, 'first'), lastOf(evidence, 'repeat')];
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    if (!hasAnswer(repeat)) return lostAnswer(repeat);
    const { status } = repeat.response;
    const drift = driftOf({ resource }, evidence, first);
    const [lost] = drift?.lost ?? [];
    const proof = present(exchangeOf(evidence, 'control'), repeat, exchangeOf(evidence, 'state-after'));
    const moved = movedAgain(evidence);
    const found = findings([
      moved !== null && suspect('effect-repeated', { moved }, [first, repeat], { level: 'warn' }),
      lost !== undefined &&
        warn('drifted', { path: lost.path, before: shown(lost.before), after: shown(lost.after) }, proof),
      isCrash(status) && suspect('crashed', { status }, [first, repeat]),
    ]);
    if (found !== null) return found;
    const reads = exchangesOf(evidence, 'state', 'control', 'state-after');
    const open = voided(repeat) ?? readTrouble(reads);
    if (open !== null) return open;
    if (!isSuccess(repeat) && !isRefusal(status)) {
      return inconclusive('control-failed', { detail: `the repeat was answered with ${status}` });
    }
    if (drift === null || isRestless(fieldsIn(first.request), reads[0], reads[1])) return inconclusive('unsteady');
    const paths = [...drift.moved, ...drift.side].map(({ path }) => path).join(', ');
    return pass([paths !== '' && note('moved', { paths }), isRefusal(status) && note('repeat-refused', { status })]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'state' | 'control' | 'state-after' | 'twin state'>;

/** What the repeat changed; `null` when the states cannot be compared. */
function driftOf({ resource }: Pick<Subject, 'resource'>, evidence: Steps, first: Answered): Drift | null {
  const [state, control, after] = exchangesOf(evidence, 'state', 'control', 'state-after');
  const twin = [exchangeOf(evidence, 'twin state'), exchangeOf(evidence, 'twin state', 1)] as const;
  return withoutCountOfAll(driftBetween(resource, first, [state, control, after]), twin);
}
