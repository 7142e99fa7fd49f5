import { outgoing } from '../../core/arrange.js';
import { defineCheck, type Subject, type Tools } from '../../core/check.js';
import { exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess } from '../../core/http.js';
import type { Operation, Payload } from '../../core/operation.js';
import { effects, later, send } from '../../core/step.js';
import { fail, inconclusive, note, pass, suspect } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isCrash, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isDoubled, passOne } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { isNaturallyUnique } from '../lib/steps/made.js';
import { keyedSubject, stage } from '../lib/steps/stage.js';
import { turnedOnce, turnsOnly } from './key-replay-no-duplicate/turned-once.js';

export const keyReplayNoDuplicate = defineCheck({
  id: 'key-replay-no-duplicate',
  group: 'keys',
  title: 'The same request with the same key takes effect once',
  severity: 'critical',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.6 (expired)', 'AIP-155'],
  sends:
    'The request with a fresh key; once it is answered, the same bytes with the same key on a new connection. A create that has a second payload (`variant`) is tried with both, each in its own right.',
  judges:
    'Passes when one effect is counted. Fails when two are. Warns when there is one effect but the repeat is answered with a 5xx, again on a fresh resource. What only turns from one state to another is passed with a note, when the repeat carries the marker of a stored answer and nothing moved after the first. Stays open when nothing can be counted, when the first request is refused, or when it takes no effect. Whether the repeat answers like the first is judged by key-replay-response.',
  expected: 'One effect, however often the request is sent under one key.',
  why: 'A client that lost the response sends again; without this it is charged, booked or shipped twice.',
  fix: 'Store the key before executing, in the same transaction as the effect, and answer a repeat from the stored response. Do it on every branch of the operation.',
  guards: [
    'Effects are counted, not answers: a 409 on the repeat is fine here.',
    'A pass needs an oracle that was seen to count to two.',
    'A 429, 502, 503 or 504 voids the try.',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
  ],
  messages: {
    'duplicate-created': 'One key, two identical requests, {count} effects (payload: {payload}).',
    'replay-crashed': 'The repeat took no second effect, but was answered with {status}.',
  },
  notes: {
    'turned-once':
      'What moved ({moved}) looks the same after one effect and after two. That the repeat took none is told by the marker of its answer, and by nothing having moved after the first.',
    'variant-open': 'Only the first payload was judged; the second one (`variant`) could not be.',
  },

  select: keyedSubject,

  *probe(target, tools) {
    for (const [round, payload] of payloadsOf(target.operation).entries()) {
      yield* twice(target, tools, payload, round);
    }
  },

  judge(target, evidence) {
    const [main, other] = payloadsOf(target.operation).map((payload, round) =>
      verdictOn(target, evidence, payload, round),
    );
    if (main === undefined) return inconclusive('first-refused', { status: 0 });
    if (other === undefined || main.verdict === 'fail') return main;
    if (other.verdict === 'fail') return other;
    if (main.verdict !== 'pass') return main;
    if (other.verdict === 'inconclusive') return { ...main, notes: [...main.notes, note('variant-open')] };
    return other.verdict === 'pass' ? main : other;
  },
});

/** The steps that are judged. */
type Steps = Evidence<'first' | 'between' | 'replay' | 'after'>;

/** A number effect is calibrated on one payload, so that another one would look like several effects. */
function payloadsOf({ role, payloads }: Operation): readonly Payload[] {
  return role === 'create' && payloads.has('changed') ? ['body', 'changed'] : ['body'];
}

function* twice({ operation, resource }: Subject, tools: Tools, payload: Payload, round: number) {
  const scope = yield* stage({ operation, resource }, tools);
  const counted = { round, resource, operation, scope, isApart: true };
  const before = yield* effects('before', { ...counted, seen: [] }, 'now');
  const request = outgoing(operation, scope, { payload, key: tools.key() });
  const first = yield* send('first', request, round);
  if (!isSuccess(first)) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  if (turnsOnly(tools.preflight)) yield* effects('between', { ...counted, seen: [first], since: before });
  const replay = yield* send('replay', request, round);
  yield* effects('after', { ...counted, seen: [first, replay], since: before });
}

function verdictOn(target: Subject, evidence: Steps, payload: Payload, round: number) {
  const [first, replay] = [exchangeOf(evidence, 'first', round), exchangeOf(evidence, 'replay', round)];
  const after = readingOf(evidence, 'after', round);
  const unusable = voided(first) ?? needsSuccess(first);
  if (unusable !== null) return unusable;
  const count = countOf(after);
  if (isDoubled(after, [first, replay])) {
    return found(fail('duplicate-created', { count, payload }, present(first, replay)));
  }
  if (!hasAnswer(replay)) return lostAnswer(replay);
  const voidReplay = voided(replay);
  if (voidReplay !== null) return voidReplay;
  const { status } = replay.response;
  if (isCrash(status) && count === 1) return found(suspect('replay-crashed', { status }, [replay], { level: 'warn' }));
  const turned = turnedOnce(target, evidence, first, replay);
  if (turned !== null) return pass([note('turned-once', { moved: turned })]);
  return passOne(evidence, after, [first, replay], ignoredPaths(evidence.preflight, target.resource), [
    mayBeUnique(target, status) && note('unique-constraint', { status }),
  ]);
}

/** Whether a refusal of the repeat may come from a unique field: it is that kind of refusal, and nobody ruled it out. */
function mayBeUnique(target: Subject, status: number): boolean {
  const { contract, unique } = target.operation;
  if (status !== 409 && status !== 422) return false;
  if (isNaturallyUnique(target)) return true;
  return unique === null && contract.replayMode !== 'conflict' && contract.replayMode !== 'conflict-with-id';
}
