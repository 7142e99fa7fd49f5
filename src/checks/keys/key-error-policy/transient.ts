import { outgoing, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, type Evidence } from '../../../core/evidence.js';
import { header, isAnswered, isSuccess, isVoid, statusOf, type Exchange } from '../../../core/http.js';
import type { Outgoing } from '../../../core/resource.js';
import { retryAfterMs } from '../../../core/retry-after.js';
import { later, PROVOKED, send, type Probe } from '../../../core/step.js';
import { fail, inconclusive, note, pass, type Verdict } from '../../../core/verdict.js';
import { lostAnswer } from '../../lib/http/answers.js';
import { isInFlight } from '../../lib/http/in-flight.js';
import { found } from '../../lib/judging/found.js';
import { sibling, stage } from '../../lib/steps/stage.js';
import { controlFailed } from './under-fresh-key.js';

/** Variant `transient`: what the run saw turned away, asked once more under its own key and under fresh ones. */
export const transient = { whyNot: () => null, hooks: [], probe: askedAgain, judge: transientVerdict } as const;

type Target = Pick<Subject, 'operation' | 'resource'>;

/** The request under its old key. That it is turned away makes no try void: it is what is asked. */
const OLD = `${PROVOKED} old key` as const;

const FRESH = `${PROVOKED} fresh key` as const;

/** So many requests that were turned away are asked again. */
const MOST = 2;

/** So many answers under the old key prove that it is stored: 1st, 3rd and 4th of five in a row, which no period makes. */
const PROVING = 3;

/** Where nothing says how long to wait, milliseconds. */
const WAIT_MS = 1000;

function* askedAgain(target: Target, tools: Tools): Probe<void, typeof OLD | typeof FRESH | Making> {
  for (const [round, sent] of (tools.turnedAway ?? []).slice(0, MOST).entries()) {
    let last = yield* underOldKey(sent, round, null, tools);
    if (!isTurnedAway(last) || !(yield* isAcceptedAnew(target, sent, round, tools))) continue;
    for (let again = 1; again < PROVING && isTurnedAway(last); again++) {
      last = yield* underOldKey(sent, round, last, tools);
    }
    if (isTurnedAway(last)) yield* isAcceptedAnew(target, sent, round, tools);
  }
}

/** Sends the request as it was, once it had time to recover. */
function* underOldKey(sent: Outgoing, round: number, before: Exchange | null, { maxWaitMs }: Tools) {
  yield* later('back-off', Math.min(askedFor(before) ?? WAIT_MS, maxWaitMs));
  return yield* send(OLD, sent, round);
}

/**
 * Whether the request is carried out under a fresh key: at the same place where that can be, else, refused for what the
 * first one may have done there, on a fresh resource.
 */
function* isAcceptedAnew({ operation, resource }: Target, { scope }: Outgoing, round: number, tools: Tools) {
  const isCreate = operation.role === 'create';
  const near = isCreate ? sibling(resource, scope, tools) : scope;
  const first = yield* send(FRESH, outgoing(operation, near, { key: tools.key() }), round);
  if (isSuccess(first)) return true;
  const isBusy = isTurnedAway(first);
  if (isBusy) yield* later('back-off', Math.min(askedFor(first) ?? WAIT_MS, tools.maxWaitMs));
  const other = isBusy ? near : yield* stage({ operation, resource }, tools);
  return isSuccess(yield* send(FRESH, outgoing(operation, other, { key: tools.key() }), round));
}

function isTurnedAway(exchange: Exchange): boolean {
  return isAnswered(exchange) && isVoid(exchange.response.status);
}

/** What a request that was turned away came to. */
function transientVerdict(
  { operation }: Target,
  evidence: Evidence<typeof OLD | typeof FRESH>,
): Verdict<'transient-error-stored', 'key-freed' | 'answered-otherwise'> {
  const rounds = [...new Set(allOf(evidence, OLD).map(({ round }) => round))].map(round => ({
    old: allOf(evidence, OLD, round),
    fresh: allOf(evidence, FRESH, round),
  }));
  const stored = rounds.find(({ old, fresh }) => isStored(old, fresh));
  if (stored !== undefined) {
    const status = statusOf(stored.old[0]) ?? 0;
    const { errorsStored } = operation.contract;
    const isDeclared = errorsStored === 'all' || (errorsStored === 'after-execution' && status !== 429);
    const proof = [...stored.old, ...stored.fresh.filter(isSuccess)].toSorted((a, b) => a.n - b.n);
    const args = { status, times: stored.old.length };
    return found(fail('transient-error-stored', args, proof, { level: isDeclared ? 'warn' : 'fail' }));
  }
  const open = rounds.flatMap(({ old, fresh }) => whyOpen(operation, old, fresh) ?? []);
  if (rounds.length === open.length) return open[0] ?? lostAnswer(undefined);
  const isFreed = rounds.some(({ old }) => old.some(isSuccess));
  const refusal = rounds.map(({ old }) => statusOf(old.at(-1)) ?? 0).find(status => status >= 400);
  return pass([isFreed ? note('key-freed') : note('answered-otherwise', { status: refusal ?? 0 })]);
}

/** Whether the old key had the same answer each time, with accepted fresh ones between and after. */
function isStored(old: readonly Exchange[], fresh: readonly Exchange[]): boolean {
  const [first, second] = old;
  const last = old.at(-1);
  const accepted = fresh.filter(isSuccess);
  if (first === undefined || second === undefined || last === undefined || old.length < PROVING) return false;
  const isSame = old.every(one => isTurnedAway(one) && statusOf(one) === statusOf(first));
  const isBetween = accepted.some(({ n }) => n > first.n && n < second.n);
  return isSame && isBetween && accepted.some(({ n }) => n > last.n);
}

/** Why nothing is known of a key; `null` where it was carried out after all, or refused for what the request says. */
function whyOpen(
  { contract, unique }: Target['operation'],
  old: readonly Exchange[],
  fresh: readonly Exchange[],
): Verdict<never, never> | null {
  const last = old.at(-1);
  if (last === undefined || !isAnswered(last)) return lostAnswer(last);
  if (isTurnedAway(last)) return controlFailed(fresh.findLast(one => !isSuccess(one)) ?? last);
  const { status } = last.response;
  // What must be unique may have been made under another key since.
  if (isInFlight(last, contract) && (unique ?? []).length === 0)
    return inconclusive('still-in-flight', { waited: '1 s' });
  return status < 500 ? null : inconclusive('first-refused', { status });
}

/** The milliseconds that a Retry-After in seconds asks for; `null` = none. */
function askedFor(exchange: Exchange | null): number | null {
  const value = exchange !== null && isAnswered(exchange) ? header(exchange.response, 'retry-after') : null;
  return value === null || /\D/.test(value.trim()) ? null : retryAfterMs(value, 0);
}
