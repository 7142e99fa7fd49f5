import { outgoing } from '../../../core/arrange.js';
import { allOf, lastOf, type Evidence } from '../../../core/evidence.js';
import { statusOf, type Exchange } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import type { Resource } from '../../../core/resource.js';
import type { Scope } from '../../../core/scope.js';
import { later, send, type Probe } from '../../../core/step.js';
import { inconclusive } from '../../../core/verdict.js';
import { hasAnswer, lostAnswer } from '../http/answers.js';
import { cachedBy, isAbsent, isPresent } from '../http/state.js';
import { voided } from '../http/statuses.js';
import { duration } from '../judging/duration.js';

/** Looks for a resource after its DELETE, milliseconds since the answer. */
const LOOKS_MS: readonly number[] = [0, 500, 1500, 3000];

type Seen = Pick<Resource, 'gone'>;

/** Reads a deleted resource until it is gone, for as long as reads may lag (step `gone`); hands back whether it is. */
export function* seenGone(resource: Seen, read: Operation, scope: Scope, removed: Exchange): Probe<boolean, 'gone'> {
  for (const ms of LOOKS_MS) {
    if (ms > 0) yield* later('wait', ms, removed.endAtUs);
    if (isAbsent(resource, yield* send('gone', outgoing(read, scope)))) return true;
  }
  return false;
}

/** Why nothing follows from a write to it: it was not gone after the DELETE; `null` when it was. */
export function notGone(resource: Seen, evidence: Evidence<'delete' | 'gone'>) {
  const [removed, gone] = [lastOf(evidence, 'delete'), lastOf(evidence, 'gone')];
  if (isAbsent(resource, gone)) return null;
  if (!hasAnswer(gone)) return lostAnswer(gone);
  const waited = duration(Math.max(0, gone.endAtUs - (removed?.endAtUs ?? gone.endAtUs)) / 1_000_000);
  if (statusOf(removed) === 202) return inconclusive('still-pending', { waited });
  const detail = `the read after the DELETE was answered with ${statusOf(gone)}`;
  return voided(gone) ?? inconclusive('control-failed', { detail });
}

/** Whether it is there again after a write: in two reads (step `after`), none of them from a cache. */
export function isBack(resource: Seen, evidence: Evidence<'after'>): boolean {
  const looks = allOf(evidence, 'after');
  return looks.length > 1 && looks.every(look => isPresent(resource, look) && cachedBy(look) === null);
}

/** Why it is not known that it stayed gone; `null` when every read after the write says so. */
export function stillGone(resource: Seen, evidence: Evidence<'after'>) {
  const looks = allOf(evidence, 'after');
  const [first] = looks;
  if (first === undefined) return lostAnswer(first);
  const odd = looks.find(look => !isAbsent(resource, look));
  if (odd === undefined) return null;
  if (!hasAnswer(odd)) return lostAnswer(odd);
  const cache = cachedBy(odd);
  if (cache !== null) return inconclusive('cached', { header: cache });
  const detail = `a read after the write was answered with ${odd.response.status}`;
  return voided(odd) ?? inconclusive('control-failed', { detail });
}
