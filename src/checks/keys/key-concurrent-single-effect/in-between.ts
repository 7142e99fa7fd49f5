import { outgoing, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { allOf, readingOf, type Evidence } from '../../../core/evidence.js';
import { isAnswered, isSuccess, type Exchange } from '../../../core/http.js';
import type { Reading } from '../../../core/reading.js';
import type { Scope } from '../../../core/scope.js';
import { effects, PROVOKED, staggered, type Probe } from '../../../core/step.js';
import { note, type Note } from '../../../core/verdict.js';
import { countTrouble } from '../../lib/judging/counting.js';
import { duration } from '../../lib/judging/duration.js';

/** The requests that come while the first is at work; a 429 may be how the API says so. */
export const BETWEEN = `${PROVOKED} in between` as const;

/** The steps of such a round. */
export type BetweenSteps = 'before between' | typeof BETWEEN | 'settled between';

/** When the repeats go out, as parts of what the operation usually takes. */
const SHARES: readonly number[] = [0.1, 0.3, 0.6, 0.9];

/** Locks are given lives of 1, 5 and 30 s: just after each, milliseconds. */
const LIVES_MS: readonly number[] = [1_200, 5_500, 31_000];

/** Into less than this nothing can be timed, milliseconds. */
const QUICK_MS = 20;

/** The latency that was learned first may be that of a cold start: one more round with what the first one took. */
const MOST_ROUNDS = 2;

/** So many repeats at least must have come while the first was at work for the round not to be played again. */
const ENOUGH = 3;

/**
 * Rounds whose repeats come one by one while the first request is at work; none where that takes too little time.
 * `place` makes where a round is played.
 */
export function* inBetween(
  { operation, resource, isApart }: Pick<Subject, 'operation' | 'resource'> & { readonly isApart: boolean },
  place: () => Probe<Scope, Making>,
  tools: Tools,
): Probe<void, BetweenSteps | Making> {
  let latencyMs = tools.preflight.p50Ms;
  for (let round = 0; round < MOST_ROUNDS && latencyMs >= QUICK_MS; round++) {
    const scope = yield* place();
    const counted = { round, resource, operation, scope, isApart };
    const since = yield* effects('before between', { ...counted, seen: [] }, 'now');
    const request = outgoing(operation, scope, { key: tools.key() });
    const timesMs = [0, ...timesWithin(latencyMs, tools.maxWaitMs)];
    const seen = yield* staggered(
      BETWEEN,
      timesMs.map(() => request),
      timesMs,
      round,
    );
    yield* effects('settled between', { ...counted, seen, since });
    if (cameBetween(seen).length >= ENOUGH) return;
    latencyMs = latencyOf(seen[0]) ?? 0;
  }
}

/** When repeats go out into an operation of that latency, milliseconds after its first request. */
function timesWithin(latencyMs: number, maxWaitMs: number): readonly number[] {
  const [, , , last = 1] = SHARES;
  const lives = LIVES_MS.filter(ms => ms < last * latencyMs);
  const times = [...SHARES.map(share => Math.round(share * latencyMs)), ...lives];
  return times.filter(ms => ms <= maxWaitMs).toSorted((a, b) => a - b);
}

function latencyOf(first: Exchange | undefined): number | null {
  if (first?.writtenAtUs == null || first.firstByteAtUs === null) return null;
  return (first.firstByteAtUs - first.writtenAtUs) / 1000;
}

/** The repeats that were written whole before the first byte of the first one's answer. */
function cameBetween([first, ...repeats]: readonly Exchange[]): readonly Exchange[] {
  const until = first !== undefined && isAnswered(first) ? (first.firstByteAtUs ?? 0) : 0;
  return repeats.filter(repeat => isAnswered(repeat) && repeat.writtenAtUs !== null && repeat.writtenAtUs < until);
}

/** A round as it is judged. */
export interface Between {
  readonly all: readonly Exchange[];
  readonly reading: Reading | undefined;
}

/** The rounds that were played. */
export function betweenIn(evidence: Evidence<typeof BETWEEN | 'settled between'>): readonly Between[] {
  const sent = allOf(evidence, BETWEEN);
  return [...new Set(sent.map(({ round }) => round))].map(round => ({
    all: sent.filter(one => one.round === round).toSorted((a, b) => a.lane - b.lane),
    reading: readingOf(evidence, 'settled between', round),
  }));
}

/** How far a pass looked in time: what came in between, or that nothing could. */
export function betweenNote(
  evidence: Evidence<typeof BETWEEN | 'settled between'>,
  rounds: readonly Between[],
): Note<'in-between' | 'not-between'> {
  const clean = rounds.filter(
    ({ all, reading }) => all.some(isSuccess) && reading?.count === 1 && countTrouble(evidence, reading) === null,
  );
  const [best] = clean.toSorted((a, b) => cameBetween(b.all).length - cameBetween(a.all).length);
  const came = best === undefined ? [] : cameBetween(best.all);
  const begunUs = best?.all[0]?.writtenAtUs ?? 0;
  const last = Math.max(0, ...came.map(({ writtenAtUs }) => (writtenAtUs ?? begunUs) - begunUs));
  const took = span(latencyOf(best?.all[0]) ?? evidence.preflight.p50Ms);
  if (came.length === 0) return note('not-between', { took });
  return note('in-between', { came: came.length, last: span(last / 1000), took });
}

function span(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : duration(ms / 1000);
}
