import type { Preflight } from '../../../core/preflight.js';
import type { Subject, Tools } from '../../../core/check.js';
import { readingsOf, type Circumstances, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import type { Reading } from '../../../core/reading.js';
import type { Scope } from '../../../core/scope.js';
import { effectsOf, later, type Counted, type Probe } from '../../../core/step.js';
import { inconclusive, type Verdict } from '../../../core/verdict.js';
import { isRefusal } from '../../lib/http/statuses.js';
import { countTrouble } from '../../lib/judging/counting.js';

/** So often is a count that does not add up looked at, each time after the settle time. */
const LOOKS = 3;

type Target = Pick<Subject, 'operation' | 'resource'>;

/** Different requests whose effects are to be counted: the scope of each lane, the reading from before, what came back. */
export interface Crowd {
  readonly scopes: readonly Scope[];
  readonly since: Reading;
  readonly seen: readonly Exchange[];
  readonly round: number;
}

/** How the effects of different requests compare with their answers. */
export interface Sums {
  readonly count: number;
  readonly accepted: number;
  /** Accepted requests without an effect. */
  readonly lost: number;
  /** Effects beyond those that accepted requests, and requests without a clear answer, may have had. */
  readonly added: number;
}

/** Counts until the effects are those of the accepted requests, or three times; hands back whether they are. */
export function* addingUp<const Label extends string>(
  label: Label,
  target: Target,
  crowd: Crowd,
  tools: Tools,
): Probe<boolean, Label> {
  const asked = askedOf(target, crowd, tools.preflight);
  for (let look = 0; look < LOOKS; look++) {
    yield* later('settle', tools.preflight.settleMs);
    const readings = yield* effectsOf(label, asked, 'now');
    const sums = sumsOf(crowd.seen, readings);
    if (sums.lost + sums.added === 0 && readings.every(({ lacks }) => lacks === undefined)) return true;
  }
  return false;
}

/**
 * A last look at records that did not add up: what was only late is there by now. Without a marker those of the control
 * would be counted in.
 */
export function* lookAgain<const Label extends string>(
  label: Label,
  target: Target,
  crowd: Crowd,
  tools: Tools,
): Probe<void, Label> {
  if (isByLane(target, tools.preflight)) yield* effectsOf(label, askedOf(target, crowd, tools.preflight), 'now');
}

/** What the last look of such a count says; `trouble` is why it cannot be believed. */
export interface Added extends Sums {
  readonly reading: Reading | undefined;
  readonly trouble: Verdict<never, never> | null;
}

/** Reads the last look of a count from the evidence. */
export function addedUp<Label extends string>(
  label: NoInfer<Label>,
  target: Target,
  evidence: Evidence<Label>,
  seen: readonly Exchange[],
): Added {
  const all = seen[0] === undefined ? [] : readingsOf(evidence, label, seen[0].round);
  const readings = all.slice(isByLane(target, evidence.preflight) ? -seen.length : -1);
  const odd = readings.find(reading => troubleOf(target, evidence, reading) !== null);
  const reading = odd ?? readings[0];
  const sums = sumsOf(seen, readings);
  // What a list that is not whole leaves out is not lost; what it shows is there.
  const partial = sums.added > 0 ? undefined : readings.find(({ lacks }) => lacks !== undefined);
  const trouble = troubleOf(target, evidence, reading);
  return { ...sums, reading, trouble: trouble ?? (partial === undefined ? null : uncounted(partial)) };
}

function uncounted({ trouble }: Reading): Verdict<never, never> {
  return inconclusive('oracle-failed', { detail: trouble ?? 'the list is not whole' });
}

/** Whether the records of each lane tell by themselves whose they are; else all are counted in one. */
function isByLane({ operation }: Target, { oracle, omitsMarker }: Pick<Preflight, 'oracle' | 'omitsMarker'>): boolean {
  return operation.role === 'create' && operation.marked && oracle !== 'identity' && omitsMarker !== true;
}

function askedOf(target: Target, { scopes, since, seen, round }: Crowd, preflight: Preflight): readonly Counted[] {
  const { operation, resource } = target;
  const common = { round, resource, operation };
  if (!isByLane(target, preflight)) return scopes.slice(0, 1).map(scope => ({ ...common, scope, seen, since }));
  return scopes.map((scope, lane) => ({ ...common, scope, seen: seen.slice(lane, lane + 1), since: null }));
}

function sumsOf(seen: readonly Exchange[], readings: readonly Reading[]): Sums {
  const groups = readings.map((reading, lane) => {
    const own = readings.length === 1 ? seen : seen.slice(lane, lane + 1);
    const accepted = own.filter(isSuccess).length;
    const unclear = own.filter(exchange => !isSuccess(exchange) && !isRefused(exchange)).length;
    const count = reading.count ?? 0;
    return { count, lost: Math.max(0, accepted - count), added: Math.max(0, count - accepted - unclear) };
  });
  const sum = (of: 'count' | 'lost' | 'added') => groups.reduce((total, group) => total + group[of], 0);
  return { count: sum('count'), accepted: seen.filter(isSuccess).length, lost: sum('lost'), added: sum('added') };
}

/** Whether an answer says that nothing was done: a 4xx, a 429 too. */
function isRefused(exchange: Exchange): boolean {
  const status = statusOf(exchange) ?? 0;
  return isRefusal(status) || status === 429;
}

function troubleOf({ operation, resource }: Target, evidence: Circumstances, reading: Reading | undefined) {
  const trouble = countTrouble(evidence, reading);
  if (trouble !== null || reading === undefined) return trouble ?? inconclusive('oracle-blind');
  // An id that the client chose is in its answer, whether there is a record or not.
  const isOwnId = operation.role === 'create' && resource.id.from !== null;
  if (reading.kind === 'identity' && isOwnId) return inconclusive('oracle-blind');
  const { count } = reading;
  return count !== null && Number.isInteger(count) && count >= 0
    ? null
    : inconclusive('oracle-failed', { detail: `it counted ${count}` });
}
