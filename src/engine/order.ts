import type { Case } from '../core/plan.js';
import type { Preflight } from '../core/preflight.js';
import type { Isolation } from './places.js';
import { isReview } from '../judging/review.js';

/** The cases of a plan by when they are played. */
export interface Order {
  /** All that send anything, as planned. */
  readonly sending: readonly Case[];
  /** Those of long waits: they begin before the others, so that their waits elapse beside everything else. */
  readonly late: readonly Case[];
  readonly quiet: readonly Case[];
  /** A restart or a jump of the clock is felt by every case: they come one after the other, when all else is done. */
  readonly moving: readonly Case[];
  /** Those that stand by: what the others met decides whether they are played. */
  readonly standing: readonly Case[];
  /** Those that send nothing: they look at what the others left. */
  readonly reviews: readonly Case[];
}

export function orderOf(cases: readonly Case[]): Order {
  const sending = cases.filter(planned => !isReview(planned) && !isStandingBy(planned));
  const still = sending.filter(planned => !movesAround(planned));
  return {
    sending,
    late: still.filter(({ check }) => check.isLate),
    quiet: still.filter(({ check }) => !check.isLate),
    moving: sending.filter(movesAround),
    standing: cases.filter(isStandingBy),
    reviews: cases.filter(isReview),
  };
}

/** What a case needs of its resource to be counted right. */
export function isolationOf(
  { check, operation, resource }: Pick<Case, 'check' | 'operation' | 'resource'>,
  { omitsMarker = false }: Pick<Preflight, 'omitsMarker'> = {},
): Isolation {
  // A late retry is counted by a marker or on a resource of its own: it need not wait for those that are alone.
  const creating = operation.role === 'delete' ? resource.create : operation;
  if (check.isLate && ((creating?.marked === true && !omitsMarker) || creating?.role !== 'create')) return 'none';
  // Records without a marker are told from others only when nobody else makes any.
  const isUnmarked = resource.create !== null && !(resource.create.marked && !omitsMarker) && resource.list !== null;
  return isUnmarked ? 'alone' : check.isolation;
}

function isStandingBy({ scenario }: Case): boolean {
  return scenario.standsBy !== undefined;
}

/** Whether a case runs hooks, so that it needs the whole run to itself. */
function movesAround({ scenario }: Case): boolean {
  return scenario.hooks.length > 0;
}
