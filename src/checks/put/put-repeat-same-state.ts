import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip } from '../../core/check.js';
import { exchangeOf, exchangesOf, lastOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf, type Answered, type Exchange } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import { strengthOf } from '../../core/reading.js';
import type { Resource } from '../../core/resource.js';
import { effects, later, send } from '../../core/step.js';
import { fail, findings, inconclusive, note, pass, suspect, warn, type Finding } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { readTrouble } from '../lib/http/state.js';
import { isCrash, isRefusal, voided } from '../lib/http/statuses.js';
import { fieldsIn } from '../lib/json/fields.js';
import { driftBetween, isRestless, movesNumber, withoutCountOfAll, type Drift } from '../lib/judging/drift.js';
import { movedAgain } from '../lib/judging/elsewhere.js';
import { shown } from '../lib/judging/refused.js';
import { countElsewhere, lookElsewhere } from '../lib/steps/elsewhere.js';
import { placed, whyNoPut } from '../lib/steps/putting.js';
import { twinRepeat } from '../lib/steps/twin.js';
import { attempt, NEXT_SECOND_MS, settle, writing } from '../lib/steps/writing.js';

/** Answers to the repeat that say a version is wanted; a 400 is not among them, since the first PUT was fine. */
const WANTED: readonly number[] = [409, 412, 428];

export const putRepeatSameState = defineCheck({
  id: 'put-repeat-same-state',
  group: 'put',
  title: 'A repeated PUT leaves the same state',
  severity: 'high',
  basis: 'must',
  refs: ['RFC 9110 section 9.2.2', 'RFC 9110 section 9.3.4'],
  sends:
    'Creates a resource and puts a body; reads it twice, a second apart, to learn what changes by itself; puts the same bytes again and reads once more. The records are counted before and after the repeat. Where a number moved: the same twice on a twin, with three writes to the first one between. Where a PUT was seen to move something on a parent, that is looked at before and after each. Where a version is wanted, each PUT carries the current one.',
  judges:
    'Passes when the state after the repeat is the state before it. Fails when a field the client wrote, the length of a list, a number or a boolean differs, when a record was added, when the repeat moved a parent once more by what the first one moved it (again on a fresh resource), and when the repeat is refused or crashes (a crash must come again on a fresh resource). Warns when another text or a time differs, and when both PUTs are answered with 201. A version, a revision or the time of the last change may move, and so may a number that moves by another step on the twin: it counts the writes of all.',
  expected: 'The second, identical PUT is answered with 2xx and changes nothing.',
  why: 'Clients and proxies repeat a PUT whose answer was lost, since PUT is idempotent; one that appends, counts or creates does it twice.',
  fix: 'Replace the stored representation by the one in the request and find the record by its address; derive nothing from the old state. Answer 201 only where there was nothing before.',
  guards: [
    'What changes between two reads without a write is left out, as is what the spec calls volatile.',
    'What a PUT moves on a parent (points, a total) is learned from two lone ones; any other movement says nothing.',
    'A 409, 412 or 428 on the repeat is answered with a fresh version.',
    'A field that only now shows what was written has not drifted: the read before came too early.',
    'A 429, 502, 503 or 504 voids the try; a 500 counts only when it comes again.',
  ],
  messages: {
    'state-drifted': 'After the second, identical PUT {path} is {after}; before it was {before}.',
    'side-state-changed': 'The second, identical PUT changed {path} from {before} to {after}.',
    'effect-repeated': 'The second, identical PUT did something once more. Of both together: {moved}.',
    'record-added': 'The second, identical PUT added a record: {before} before it, {after} after it.',
    'repeat-refused': 'The second, identical PUT was refused with {status}.',
    'created-twice': 'Both PUTs to one address were answered with 201: the second created nothing.',
    crashed: 'The second, identical PUT was answered with {status}.',
  },
  notes: {
    'version-moved':
      'The repeat moved {paths}: a version, the time of the last change or a count of all writes, which is allowed.',
    'records-uncounted': 'Whether the repeat added a record could not be counted; give the resource a list to see it.',
  },

  select(subject) {
    const { operation, resource } = subject;
    const { create, read } = resource;
    const reason = whyNoPut(subject);
    if (reason !== null || read === null) return skip(reason ?? 'no read operation to see the state with');
    return { operation, resource, create, read };
  },

  *probe({ operation, resource, create, read }, tools) {
    const scope = yield* placed(operation, resource, tools);
    const place = { resource, scope };
    const put = () => outgoing(operation, scope, { key: tools.key() });
    const looked = yield* lookElsewhere({ operation, resource }, scope, tools);
    const { exchange: first, version } = yield* attempt('first', put(), place);
    if (!isSuccess(first)) return;
    yield* settle(tools);
    const state = yield* send('state', outgoing(read, scope));
    yield* later('control', NEXT_SECOND_MS);
    const control = yield* send('control', outgoing(read, scope));
    const counted = create === null ? null : { resource, operation: create, scope };
    if (counted !== null) yield* effects('records', { ...counted, seen: [first] }, 'now');
    yield* countElsewhere('elsewhere once', looked, [first]);
    const repeat = yield* writing('repeat', put(), place, version === null ? { wanted: WANTED } : {});
    yield* settle(tools);
    const after = yield* send('state-after', outgoing(read, scope));
    yield* countElsewhere('elsewhere after', looked, [first, repeat]);
    if (counted !== null) yield* effects('records-after', { ...counted, seen: [first, repeat] });
    if (movesNumber(driftBetween(resource, first, [state, control, after]))) {
      yield* twinRepeat({ operation, read }, place, tools);
    }
  },

  judge(target, evidence) {
    const [first, repeat] = [lastOf(evidence, 'first'), lastOf(evidence, 'repeat')];
    const unusable = voided(first) ?? needsSuccess(first);
    if (unusable !== null || !hasAnswer(first)) return unusable ?? lostAnswer(first);
    const drift = driftOf(target, evidence, first);
    // Without its version the repeat was bound to be refused.
    const versionless = voided(lastOf(evidence, 'repeat version'));
    const moved = movedAgain(evidence);
    const found = findings([
      moved !== null && suspect('effect-repeated', { moved }, present(first, repeat)),
      addedBy(evidence, present(first, repeat)),
      ...driftFindings(drift, evidence),
      hasAnswer(repeat) && versionless === null && answerFinding(first, repeat),
    ]);
    if (found !== null) return found;
    if (!hasAnswer(repeat)) return lostAnswer(repeat);
    const unseen =
      voided(repeat) ??
      versionless ??
      oddRepeat(repeat) ??
      readTrouble(exchangesOf(evidence, 'state', 'control', 'state-after'));
    if (unseen !== null) return unseen;
    if (
      drift === null ||
      isRestless(fieldsIn(first.request), exchangeOf(evidence, 'state'), exchangeOf(evidence, 'control'))
    )
      return inconclusive('unsteady');
    const paths = drift.moved.map(({ path }) => path).join(', ');
    return pass([paths !== '' && note('version-moved', { paths }), !isCounted(evidence) && note('records-uncounted')]);
  },
});

/** The steps that are judged. */
type Steps = Evidence<'state' | 'control' | 'state-after' | 'twin state' | 'repeat' | 'records' | 'records-after'>;

interface Target {
  readonly operation: Operation;
  readonly resource: Resource;
}

/** What the repeat changed; `null` when the states cannot be compared. */
function driftOf({ resource }: Target, evidence: Steps, first: Answered): Drift | null {
  const [state, control, after] = exchangesOf(evidence, 'state', 'control', 'state-after');
  if (lastOf(evidence, 'repeat') === undefined) return null;
  const twin = [exchangeOf(evidence, 'twin state'), exchangeOf(evidence, 'twin state', 1)] as const;
  return withoutCountOfAll(driftBetween(resource, first, [state, control, after]), twin);
}

function driftFindings(
  drift: Drift | null,
  evidence: Steps,
): readonly (Finding<'state-drifted' | 'side-state-changed'> | false)[] {
  const proof = present(
    exchangeOf(evidence, 'control'),
    lastOf(evidence, 'repeat'),
    exchangeOf(evidence, 'state-after'),
  );
  const [lost] = drift?.lost ?? [];
  const [side] = drift?.side ?? [];
  const args = ({ path, before, after }: Drift['lost'][number]) => ({
    path,
    before: shown(before),
    after: shown(after),
  });
  return [
    lost !== undefined && fail('state-drifted', args(lost), proof),
    lost === undefined && side !== undefined && warn('side-state-changed', args(side), proof),
  ];
}

function addedBy(evidence: Steps, proof: readonly Exchange[]): Finding<'record-added'> | false {
  const [before, after] = [
    readingOf(evidence, 'records')?.count ?? null,
    readingOf(evidence, 'records-after')?.count ?? null,
  ];
  if (before === null || after === null || after <= before || proof.length < 2) return false;
  // By ids a 202 may have shown that of a job, and a first answer without an id starts at none.
  const isById = strengthOf(readingOf(evidence, 'records-after')?.kind ?? 'none') === 'identity';
  if (isById && (before === 0 || proof.some(exchange => statusOf(exchange) === 202))) return false;
  return fail('record-added', { before, after }, proof);
}

function answerFinding(
  first: Answered,
  repeat: Answered,
): Finding<'repeat-refused' | 'created-twice' | 'crashed'> | false {
  const { status } = repeat.response;
  if (isCrash(status)) return suspect('crashed', { status }, [first, repeat]);
  if (isRefusal(status)) return fail('repeat-refused', { status }, [first, repeat]);
  return first.response.status === 201 && status === 201 && warn('created-twice', {}, [first, repeat]);
}

function oddRepeat(repeat: Answered) {
  const detail = `the repeat was answered with ${repeat.response.status}`;
  return isSuccess(repeat) ? null : inconclusive('control-failed', { detail });
}

function isCounted(evidence: Steps): boolean {
  const [before, after] = [readingOf(evidence, 'records'), readingOf(evidence, 'records-after')];
  const isBoth = after !== undefined && after.count !== null && before?.count !== null;
  return isBoth && evidence.preflight.countsToTwo;
}
