import { outgoing } from '../../core/arrange.js';
import { defineCheck, skip, type Subject, type Tools } from '../../core/check.js';
import { allOf, exchangeOf, readingOf, type Evidence } from '../../core/evidence.js';
import { isSuccess, statusOf } from '../../core/http.js';
import { withKey } from '../../core/operation.js';
import type { Outgoing } from '../../core/resource.js';
import { effects, later, send } from '../../core/step.js';
import { seen } from '../../core/trait.js';
import { fail, inconclusive, note, type Verdict } from '../../core/verdict.js';
import { hasAnswer, lostAnswer, needsSuccess, present } from '../lib/http/answers.js';
import { isRefusal, voided } from '../lib/http/statuses.js';
import { ignoredPaths } from '../lib/json/likeness.js';
import { countOf } from '../lib/judging/counting.js';
import { isDoubled, passOne } from '../lib/judging/doubled.js';
import { found } from '../lib/judging/found.js';
import { outlived } from '../lib/judging/outlived.js';
import { isNaturallyUnique } from '../lib/steps/made.js';
import { actsAnew, stage } from '../lib/steps/stage.js';
import { reserialised, type Rewriting } from './key-reserialized-body/reserialise.js';

/** A round each. */
const REWRITINGS: readonly Rewriting[] = ['layout', 'numbers'];

const HOW: Readonly<Record<Rewriting, string>> = {
  layout: 'with its members in another order, other spaces and escapes',
  numbers: 'with 1.0 for 1',
};

export const keyReserializedBody = defineCheck({
  id: 'key-reserialized-body',
  group: 'keys',
  title: 'The same JSON in other bytes is not a second operation',
  severity: 'low',
  basis: 'should',
  refs: ['draft-ietf-httpapi-idempotency-key-header-07 section 2.4 (expired)', 'RFC 8259 sections 4, 6 and 7'],
  sends:
    'The request with a key; once it is answered, the same JSON under the same key in other bytes: members in reverse order, other spaces, letters as \\u escapes. Then the same with another key, and numbers written 1.0 for 1. Numbers of more than 15 digits stay as they are.',
  judges:
    'Passes when one effect is counted: the first answer is given again, or the repeat is refused as another payload (notes say which). Fails when two effects are counted; that is a warning where the contract declares that another payload is executed (`mismatch.action: execute`). Stays open when the body is no JSON object, nothing can be counted, or the repeat crashes.',
  expected: 'One effect, be the other bytes taken for the same payload or refused as another one.',
  why: 'A retry that goes through another client, a queue or a proxy is often serialised anew. It must not become a second order.',
  fix: 'Look the request up by its key alone; let the fingerprint of the payload only decide between replay and refusal. Take the fingerprint of the parsed value, or of the bytes, but never as part of the key.',
  guards: [
    'Effects are counted, not answers.',
    'A refusal is as good as a replay: byte-exact contracts exist (Telnyx, BlindPay).',
    'The ids of a 202 may be those of jobs: two of them prove nothing.',
    'A 429, 502, 503 or 504 voids the try.',
  ],
  messages: {
    'executed-again': 'Under one key the same JSON {how} was executed again: {count} effects.',
  },
  notes: {
    'taken-as-same': 'The same JSON {how} gets the first answer.',
    'taken-as-other': 'The same JSON {how} is refused ({status}).',
  },

  select(subject) {
    if (!actsAnew(subject)) return skip('not an operation that creates or acts');
    if (subject.operation.contract.key === null) return skip('takes no idempotency key');
    if (isOtherThanJson(subject)) return skip('the body is no JSON object');
    return subject;
  },

  *probe(target, tools) {
    for (const [round, rewriting] of REWRITINGS.entries()) yield* twice(target, tools, rewriting, round);
  },

  judge(target, evidence) {
    const verdicts = REWRITINGS.map((rewriting, round) => verdictOn(target, evidence, rewriting, round));
    const bad = verdicts.find(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    if (bad !== undefined) return bad;
    const [main = inconclusive('control-failed', { detail: 'nothing was sent' }), other] = verdicts;
    if (main.verdict !== 'pass' || other?.verdict !== 'pass') return main;
    return { ...main, notes: [...main.notes, ...other.notes.filter(({ code }) => code.startsWith('taken'))] };
  },

  observe(target, evidence, verdict) {
    const firsts = allOf(evidence, 'first');
    const again = allOf(evidence, 'rewritten');
    if (verdict.verdict === 'inconclusive' || again.length === 0 || isNaturallyUnique(target)) return [];
    const proof = [...firsts, ...again];
    if (verdict.verdict !== 'pass') return [seen('rewrittenJson', 'executes', proof)];
    const seenAs = new Set(again.map(one => (isSuccess(one) ? 'same' : (statusOf(one) ?? 0))));
    const [only] = seenAs;
    return seenAs.size === 1 && only !== undefined && only !== 0 ? [seen('rewrittenJson', only, proof)] : [];
  },
});

/** The steps that are judged. */
type Steps = Evidence<'first' | 'rewritten' | 'after'>;

type Judged = Verdict<'executed-again', 'taken-as-same' | 'taken-as-other'>;

/** Whether the body is known not to be a JSON object. A template that needs a real id is left to the probe. */
function isOtherThanJson({ operation }: Subject): boolean {
  try {
    const { body } = operation.build({ marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} });
    return body === null || reserialised(body, 'layout') === null;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function* twice(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  tools: Tools,
  rewriting: Rewriting,
  round: number,
) {
  const scope = yield* stage({ operation, resource }, tools);
  const plain = outgoing(operation, scope);
  const other = rewritten(plain, rewriting);
  if (other === null) return;
  const before = yield* effects('before', { round, resource, operation, scope, seen: [] }, 'now');
  const key = tools.key();
  const first = yield* send('first', keyed(plain, key), round);
  if (!isSuccess(first)) return;
  yield* later('pause', Math.max(tools.preflight.lagMs, 100));
  const again = yield* send('rewritten', keyed(other, key), round);
  yield* effects('after', { round, resource, operation, scope, seen: [first, again], since: before });
}

/** The same request with its JSON in other bytes; `null` where they would be the same. */
function rewritten(sent: Outgoing, rewriting: Rewriting): Outgoing | null {
  const body = reserialised(sent.request.body ?? '', rewriting);
  return body === null ? null : { ...sent, request: { ...sent.request, body } };
}

function keyed(sent: Outgoing, key: string): Outgoing {
  return { ...sent, request: withKey(sent.request, sent.operation.contract, key) };
}

function verdictOn(target: Subject, evidence: Steps, rewriting: Rewriting, round: number): Judged {
  const [first, again] = [exchangeOf(evidence, 'first', round), exchangeOf(evidence, 'rewritten', round)];
  const after = readingOf(evidence, 'after', round);
  const unusable = voided(first) ?? needsSuccess(first);
  if (unusable !== null) return unusable;
  const how = HOW[rewriting];
  const late = outlived(target.operation.contract, first, again);
  if (late !== null) return late;
  if (isDoubled(after, [first, again])) {
    const isDeclared = target.operation.contract.mismatch.action === 'execute';
    const args = { how, count: countOf(after) };
    return found(fail('executed-again', args, present(first, again), { level: isDeclared ? 'warn' : 'fail' }));
  }
  if (!hasAnswer(again)) return lostAnswer(again);
  const voidAgain = voided(again);
  if (voidAgain !== null) return voidAgain;
  const status = statusOf(again) ?? 0;
  if (!isSuccess(again) && !isRefusal(status)) {
    return inconclusive('control-failed', { detail: `the same JSON ${how} was answered with ${status}` });
  }
  return passOne(evidence, after, [first, again], ignoredPaths(evidence.preflight, target.resource), [
    isSuccess(again) ? note('taken-as-same', { how }) : note('taken-as-other', { how, status }),
  ]);
}
