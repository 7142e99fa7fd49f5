import { isSuccess, type Answered, type Exchange } from '../../../core/http.js';
import { fail, type Verdict } from '../../../core/verdict.js';
import { found } from '../judging/found.js';

/** Those that won for certain: a 202 may still be refused. */
export function winnersOf(round: readonly Exchange[]): readonly Answered[] {
  return round.filter(isSuccess).filter(({ response }) => response.status !== 202);
}

/** The different bodies that were sent. */
export function bodiesOf(round: readonly Exchange[]): ReadonlySet<string> {
  return new Set(round.map(({ request }) => request.body ?? ''));
}

/** The first round in which requests with different bodies won, where at most one may; `null` when there is none. */
export function severalWinners(
  played: readonly (readonly Exchange[])[],
  level: 'fail' | 'warn',
): Verdict<'several-winners', never> | null {
  const hits = played.filter(round => bodiesOf(winnersOf(round)).size > 1);
  const [hit] = hits;
  if (hit === undefined) return null;
  const winners = winnersOf(hit);
  const args = { winners: winners.length, width: hit.length, hits: hits.length, rounds: played.length };
  return found(fail('several-winners', args, hits.flatMap(winnersOf), { level }));
}
