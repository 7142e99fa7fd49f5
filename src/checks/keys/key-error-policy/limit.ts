import { outgoing } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, exchangeOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { header, isAnswered, isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { effects, hook, later, PROVOKED, send } from '../../../core/step.js';
import { inconclusive, note, suspect, warn, type Verdict } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../../lib/http/answers.js';
import { isCrash, voided } from '../../lib/http/statuses.js';
import { ignoredPaths } from '../../lib/json/likeness.js';
import { passOne } from '../../lib/judging/doubled.js';
import { found } from '../../lib/judging/found.js';
import { controlFailed, underFreshKey } from './under-fresh-key.js';
import type { Way } from './way.js';

/** Variant `limit`: a request that a hook of the user's has turned away with 429, and its retry. */
export const limit = {
  whyNot: ({ hooks }: Subject) => (hooks.has('limit') ? null : 'the spec has no hook `limit`'),
  hooks: ['limit'],
  probe: turnedAway,
  judge: turnedAwayVerdict,
} as const satisfies Way;

type Target = Pick<Subject, 'operation' | 'resource'>;

const AGAIN = `${PROVOKED} again` as const;

/** Where nothing says how long to wait, milliseconds. */
const WAIT_MS = 1000;

/** A keyed request that a hook has turned away with 429, and its retry between two requests that are let in. */
function* turnedAway({ operation, resource }: Target, scope: Scope, tools: Tools) {
  const before = yield* effects('before', { resource, operation, scope, seen: [] }, 'now');
  const request = outgoing(operation, scope, { key: tools.key() });
  yield* hook('limit', 'limit');
  const first = yield* send(PROVOKED, request);
  if (statusOf(first) !== 429) return;
  const waitMs = Math.min(askedFor(first) ?? WAIT_MS, tools.maxWaitMs);
  yield* later('retry-after', waitMs);
  yield* underFreshKey({ operation, resource }, scope, tools);
  yield* later('retry-after', waitMs);
  const repeat = yield* send(AGAIN, request);
  if (isSuccess(repeat)) {
    yield* effects('after', { resource, operation, scope, seen: [repeat], since: before });
    return;
  }
  yield* later('retry-after', waitMs);
  yield* underFreshKey({ operation, resource }, scope, tools);
}

/** What a key came to whose first request was turned away. */
function turnedAwayVerdict(
  { operation, resource }: Target,
  evidence: Evidence<typeof PROVOKED | typeof AGAIN | 'control' | 'after'>,
): Verdict<'limit-replayed' | 'correction-refused', 'key-freed'> {
  const [first, repeat] = [exchangeOf(evidence, PROVOKED), exchangeOf(evidence, AGAIN)];
  if (!hasAnswer(first)) return lostAnswer(first);
  if (first.response.status !== 429) {
    const detail = `the request that was to be turned away was answered with ${first.response.status}`;
    return inconclusive('control-failed', { detail });
  }
  const controls = allOf(evidence, 'control');
  const refused = controls.find(control => !isSuccess(control));
  if (refused !== undefined || controls.length === 0) return controlFailed(refused);
  if (!hasAnswer(repeat)) return lostAnswer(repeat);
  const { status } = repeat.response;
  if (isSuccess(repeat)) {
    const ignored = ignoredPaths(evidence.preflight, resource);
    return passOne(evidence, readingOf(evidence, 'after'), [repeat], ignored, [note('key-freed')]);
  }
  // A limit that comes and goes would turn the retry away as well; two that were let in are around it.
  if (controls.length < 2) return lostAnswer(controls[1]);
  const proof = [first, ...controls.slice(0, 1), repeat, ...controls.slice(1)];
  if (status === 429) {
    const level = operation.contract.errorsStored === 'all' ? 'warn' : 'fail';
    return found(suspect('limit-replayed', {}, proof, { level }));
  }
  const open = voided(repeat);
  if (open !== null) return open;
  if (isCrash(status)) return found(suspect('correction-refused', { status }, proof, { level: 'fail' }));
  return found(warn('correction-refused', { status }, proof));
}

/** The milliseconds that a Retry-After in seconds asks for; `null` = none. */
function askedFor(exchange: Exchange): number | null {
  const value = isAnswered(exchange) ? header(exchange.response, 'retry-after') : null;
  return value !== null && /^\d{1,5}$/.test(value.trim()) ? Number(value) * 1000 : null;
}
