import type { Circumstances } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import { inconclusive, note, type Note, type Verdict } from '../../../core/verdict.js';
import { listed } from '../http/statuses.js';
import { stillPending } from '../judging/doubled.js';
import { counts, noRound } from './racing.js';
import type { Makeup } from './whole.js';

/** Refusals that are usual where writes meet (RFC 9110 section 15.5.10, RFC 4918 section 11.3, RFC 6585 section 3). */
const USUAL: readonly number[] = [409, 412, 423, 428];

/** A round of simultaneous writes to one place, and what its state was made of afterwards. */
export interface Written {
  readonly race: readonly Exchange[];
  readonly made: Makeup;
}

/** The rounds that count and left the state of a write that was accepted; `open` is why there are none. */
export function cleanRounds<Round extends Written>(
  evidence: Pick<Circumstances, 'preflight'>,
  played: readonly Round[],
): { readonly clean: readonly Round[]; readonly open: Verdict<never, never> | null } {
  const answered = played.filter(({ race }) => counts(race));
  if (answered.length === 0) return { clean: [], open: noRound(played.map(({ race }) => race)) };
  const counting = answered.filter(({ race }) => race.some(isSuccess));
  if (counting.length === 0) return { clean: [], open: inconclusive('no-effect') };
  const clean = counting.filter(({ made }) => made.kind === 'whole' && made.of.some(isSuccess));
  if (clean.length > 0) return { clean, open: null };
  const isPending = counting.some(({ race }) => race.some(exchange => statusOf(exchange) === 202));
  return { clean, open: isPending ? stillPending(evidence) : inconclusive('unsteady') };
}

/** The note that a loser was refused in an unusual way; `null` when none was. */
export function oddLoser(losers: readonly Exchange[]): Note<'status-outside'> | null {
  const odd = losers.find(exchange => !isSuccess(exchange) && !USUAL.includes(statusOf(exchange) ?? 0));
  return odd === undefined ? null : note('status-outside', { status: statusOf(odd) ?? 0, expected: listed(USUAL) });
}
