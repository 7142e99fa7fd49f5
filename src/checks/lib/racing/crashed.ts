import { statusOf, type Exchange } from '../../../core/http.js';
import { fail, inconclusive, suspect, type Finding, type Verdict } from '../../../core/verdict.js';
import { isCrash } from '../http/statuses.js';
import { found } from '../judging/found.js';

/** One request of each round in which any was answered with a 5xx of the server's own. */
export function crashesIn(rounds: readonly (readonly Exchange[])[]): readonly Exchange[] {
  return rounds.flatMap(round => round.filter(exchange => isCrash(statusOf(exchange) ?? 0)).slice(0, 1));
}

/** What came in two rounds, each on resources of its own, needs no second try. */
export function ruling(hits: readonly unknown[]): typeof suspect {
  return hits.length > 1 ? fail : suspect;
}

/** The finding that a race made the server crash; `null` when it did not. */
export function crashIn(rounds: readonly (readonly Exchange[])[]): Finding<'crashed'> | null {
  const hits = crashesIn(rounds);
  const [hit] = hits;
  if (hit === undefined) return null;
  const args = { status: statusOf(hit) ?? 0, hits: hits.length, rounds: rounds.length };
  return ruling(hits)('crashed', args, hits);
}

/** Why a crash in a race is none of the race: the same requests crash one after the other as well; `null` when they do not. */
export function crashedAlone(alone: readonly Exchange[]): Verdict<never, never> | null {
  const [hit] = crashesIn([alone]);
  if (hit === undefined) return null;
  const detail = `one after the other, a request was answered with ${statusOf(hit)} as well`;
  return inconclusive('control-failed', { detail });
}

/** The same as a verdict. */
export function crashed(rounds: readonly (readonly Exchange[])[]): Verdict<'crashed', never> | null {
  const finding = crashIn(rounds);
  return finding === null ? null : found(finding);
}
