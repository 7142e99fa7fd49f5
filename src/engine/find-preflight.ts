import type { Preflight } from '../core/preflight.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { Trouble } from '../core/trouble.js';
import { pass } from '../core/verdict.js';
import { blindOracle, oraclesFor } from '../oracle/choose.js';
import { listOracle } from '../oracle/list/list.js';
import { numberOracle } from '../oracle/number.js';
import type { Oracle } from '../oracle/oracle.js';
import { isCountable } from '../oracle/view/lesson.js';
import { viewOracle } from '../oracle/view/view.js';
import { MOST_VOID_TRIES, voidedBy } from '../judging/attempts.js';
import { backOff } from './back-off.js';
import { messageOf } from '../core/errors.js';
import { drive, type Trace } from './drive.js';
import { elsewhere, hasElsewhere } from './elsewhere.js';
import { heldFor } from './held-callers.js';
import type { Stay } from './places.js';
import { preflight, type PreflightSeen } from './preflight.js';
import { plainPreflight, preflightOf } from './preflight-of.js';
import type { Run } from './run-context.js';

/** What is known of an operation and the oracle that was seen to work for it. */
export interface Known {
  readonly preflight: Preflight;
  readonly oracle: Oracle;
  /** What shows the effects of a create beside its own record; `null` = nothing does. */
  readonly beside?: Oracle | null;
}

/**
 * Runs the preflight of an operation, alone on its resource; one whose answers were voided is run again, at most three
 * times. `placedLagMs` is how late what it is placed below becomes visible. Never throws.
 */
export async function findPreflight(
  run: Run,
  operation: Operation,
  resource: Resource,
  placedLagMs: number,
): Promise<Known> {
  const stay = await run.places.enter(resource, 'alone');
  try {
    return await triedUntilKnown(run, stay, { operation, resource, placedLagMs });
  } finally {
    stay.leave();
  }
}

interface Asked {
  readonly operation: Operation;
  readonly resource: Resource;
  readonly placedLagMs: number;
}

async function triedUntilKnown(run: Run, stay: Stay, asked: Asked): Promise<Known> {
  const { operation, resource } = asked;
  const { resources } = run.around;
  const oracles = oraclesFor(resource, operation, resources);
  const where = `preflight ${operation.name}`;
  for (let tries = 0; ; tries++) {
    const trace = await tried(run, stay, where, { ...asked, oracles, attempt: tries + 1 });
    const voiding = voidedBy(trace.exchanges, pass());
    const isLast = voiding === null || tries + 1 >= MOST_VOID_TRIES;
    if (trace.error === null && trace.value !== null && (isLast || trace.value.countsToTwo)) {
      if (operation.role === 'create') {
        const counts = trace.readings.filter(({ kind, trouble }) => kind === 'list' && trouble === null);
        run.session.ledger.stand(
          resource,
          counts.flatMap(({ ids }) => ids),
        );
      }
      return known(operation, resource, oracles, trace.value, resources);
    }
    if (!isLast) {
      await backOff(run, stay, voiding, tries);
      continue;
    }
    if (!(trace.error instanceof Trouble)) run.bugs.note(where, trace.error);
    return { preflight: plainPreflight(operation.name, troubleOf(trace.error, tries + 1)), oracle: blindOracle };
  }
}

/** One preflight; what stopped it stands in the trace. */
function tried(
  { ports, driving }: Run,
  { whileAway }: Stay,
  where: string,
  { operation, resource, placedLagMs, oracles, attempt }: Asked & { readonly oracles: readonly Oracle[]; readonly attempt: number }, // prettier-ignore
): Promise<Trace & { readonly value: PreflightSeen | null }> {
  let current = 0;
  const tools = ports.arrangerFor(`preflight ${resource.name} ${operation.name}`);
  const probe = hasElsewhere(operation, resource)
    ? elsewhere({ operation, resource }, placedLagMs, tools)
    : preflight({ operation, resource }, tools, oracles.length, index => (current = index));
  return drive(probe, {
    ...driving,
    callers: heldFor(ports.callers),
    oracleOf: () => oracles[current] ?? blindOracle,
    hooks: {},
    settleMs: plainPreflight('').settleMs,
    halfWayMs: 0,
    result: where,
    attempt,
    whileAway,
  });
}

function known(
  operation: Operation,
  resource: Resource,
  oracles: readonly Oracle[],
  seen: PreflightSeen,
  resources: readonly Resource[],
): Known {
  const chosen = oracles[seen.oracle] ?? blindOracle;
  const action = resource.actions.find(({ operation: { name } }) => name === operation.name);
  const view = seen.lesson === null ? null : viewOracle(resources, seen.lesson);
  if (chosen.kind === 'view' && view !== null) return { preflight: preflightOf(operation, seen, 'view'), oracle: view };
  const oracle =
    chosen.kind === 'number' && action?.effect
      ? numberOracle(action.effect, seen.isUnsteady === true ? 'unsteady' : seen.unit)
      : (chosen.kind === 'list' || chosen.kind === 'filter') && resource.list !== null
        ? listOracle(resource.list, seen.omitsMarker === true ? 'omitted' : 'shown')
        : chosen;
  const beside = seen.lesson !== null && isCountable(seen.lesson) ? view : null;
  return { preflight: preflightOf(operation, seen, oracle.kind), oracle, beside };
}

/** Why an operation cannot be judged, after so many tries. */
function troubleOf(error: unknown, tries: number): Preflight['trouble'] {
  if (!(error instanceof Trouble)) return { reason: 'internal-error', args: { detail: messageOf(error) } };
  const isVoid = error.reason === 'rate-limited' || error.reason === 'unavailable';
  return { reason: error.reason, args: isVoid ? { ...error.args, tries } : error.args };
}
