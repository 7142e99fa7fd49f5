import type { Subject } from '../../../core/check.js';
import { allOf, type Evidence } from '../../../core/evidence.js';
import { isSuccess, statusOf, type Exchange } from '../../../core/http.js';
import type { Preflight } from '../../../core/preflight.js';
import { fail, suspect, type Finding } from '../../../core/verdict.js';
import { isRefusal } from '../../lib/http/statuses.js';
import { addedUp, type Added } from './adding-up.js';

/** A round of a race as it is judged. */
export interface Round extends Added {
  readonly race: readonly Exchange[];
}

/** A round in which more was done than the same requests do one after the other. */
interface Beyond {
  readonly round: Round;
  /** Requests that were accepted one after the other. */
  readonly permitted: number;
  /** Status of the first that was refused then. */
  readonly status: number;
}

/** Whether a round needs its control: the state permits the operation once, and more were accepted. */
export function needsControl({ secondRefused }: Pick<Preflight, 'secondRefused'>, race: readonly Exchange[]): boolean {
  return secondRefused !== undefined && race.filter(isDone).length > 1;
}

/**
 * The finding that simultaneous requests did more than they do one after the other, where the state sets an end to them (a
 * balance, a purchase that can be cancelled once); `null` when none did. Where the preflight had not seen the end, it
 * must come again: it may be one that all resources share, and that the race used up. Where effects cannot be counted it
 * is a warning that so many were accepted.
 */
export function beyondSequence(
  target: Pick<Subject, 'operation' | 'resource'>,
  evidence: Evidence<'alone' | 'alone effects'>,
  played: readonly Round[],
): Finding<'more-than-permitted'> | null {
  const { secondRefused } = evidence.preflight;
  const all = played.flatMap(round => beyond(target, evidence, round) ?? []);
  const counted = all.filter(({ round, permitted }) => round.trouble === null && round.count > permitted);
  const told = secondRefused === undefined ? [] : all;
  const hits = counted.length > 0 ? counted : told;
  const [hit] = hits;
  if (hit === undefined) return null;
  const { round, permitted, status } = hit;
  const args = {
    accepted: round.race.filter(isDone).length,
    width: round.race.length,
    permitted,
    status,
    count: round.trouble === null ? round.count : 'not counted',
    hits: hits.length,
    rounds: played.length,
  };
  const proof = hits.flatMap(({ round: { race } }) => [...race, ...allOf(evidence, 'alone', race[0]?.round)]);
  const level = counted.length > 0 ? 'fail' : 'warn';
  return (secondRefused === undefined ? suspect : fail)('more-than-permitted', args, proof, { level });
}

function beyond(
  target: Pick<Subject, 'operation' | 'resource'>,
  evidence: Evidence<'alone' | 'alone effects'>,
  round: Round,
): Beyond | null {
  const alone = allOf(evidence, 'alone', round.race[0]?.round);
  const refused = alone.find(exchange => isRefusal(statusOf(exchange) ?? 0));
  const isClear = alone.every(exchange => isDone(exchange) || isRefusal(statusOf(exchange) ?? 0));
  const permitted = alone.filter(isDone).length;
  if (refused === undefined || !isClear || permitted === 0 || round.race.filter(isDone).length <= permitted)
    return null;
  const { trouble, lost, added } = addedUp('alone effects', target, evidence, alone);
  if (trouble === null && lost + added > 0) return null;
  return { round, permitted, status: statusOf(refused) ?? 0 };
}

/** Accepted, and not for later: a 202 may still be refused. */
function isDone(exchange: Exchange): boolean {
  return isSuccess(exchange) && exchange.response.status !== 202;
}
