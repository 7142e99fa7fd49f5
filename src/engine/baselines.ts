import type { Baseline } from '../core/baseline.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import type { Counted } from '../core/step.js';
import { Trouble } from '../core/trouble.js';
import { besides } from '../oracle/besides.js';
import { blindOracle, oraclesFor } from '../oracle/choose.js';
import { numberOracle } from '../oracle/number.js';
import type { Oracle } from '../oracle/oracle.js';
import { isCountable } from '../oracle/view/lesson.js';
import { viewOracle } from '../oracle/view/view.js';
import { MOST_VOID_TRIES, voidedBy } from './attempts.js';
import { drive, type DrivePorts } from './drive.js';
import { baselineOf, plainBaseline, preflight, type Preflight } from './preflight.js';
import type { Arranger } from '../core/arrange.js';

/** An operation's baseline and the oracle that was seen to work for it. */
export interface Known {
  readonly baseline: Baseline;
  readonly oracle: Oracle;
  /** What shows the effects of a create beside its own record; `null` = nothing does. */
  readonly beside?: Oracle | null;
}

/** What finding out a baseline needs. */
export interface BaselinePorts {
  readonly drivePorts: (attempt: number, oracleOf: DrivePorts['oracleOf']) => Promise<DrivePorts>;
  readonly tools: Arranger;
  /** Every resource of the spec: their reads may show an effect. */
  readonly resources: readonly Resource[];
  readonly backOff: (ms: number, status: number) => Promise<void>;
  readonly longestBackOffMs: number;
  readonly onInternalError: (error: unknown) => void;
}

/** Runs the preflight of an operation; one whose answers were voided is run again, at most three times. Never throws. */
export async function findBaseline(operation: Operation, resource: Resource, ports: BaselinePorts): Promise<Known> {
  const oracles = oraclesFor(resource, operation, ports.resources);
  for (let tries = 0; ; tries++) {
    let current = 0;
    const oracleOf = (): Oracle => oracles[current] ?? blindOracle;
    const trace = await tried(() => {
      const probe = preflight({ operation, resource }, ports.tools, oracles.length, index => (current = index));
      return ports.drivePorts(tries + 1, oracleOf).then(drivePorts => drive(probe, drivePorts));
    });
    if (trace.error === null && trace.value !== null)
      return known(operation, resource, oracles, trace.value, ports.resources);
    const voided = voidedBy(trace.exchanges, { verdict: 'pass', notes: [] }, tries, ports.longestBackOffMs);
    if (voided !== null && tries + 1 < MOST_VOID_TRIES) {
      await ports.backOff(voided.ms, voided.status);
      continue;
    }
    return { baseline: plainBaseline(operation.name, troubleOf(trace.error, tries, ports)), oracle: blindOracle };
  }
}

async function tried(run: () => ReturnType<typeof drive<Preflight>>): ReturnType<typeof drive<Preflight>> {
  try {
    return await run();
  } catch (error) {
    return { exchanges: [], readings: [], hooks: [], error, value: null };
  }
}

function known(
  operation: Operation,
  resource: Resource,
  oracles: readonly Oracle[],
  seen: Preflight,
  resources: readonly Resource[],
): Known {
  const chosen = oracles[seen.oracle] ?? blindOracle;
  const action = resource.actions.find(({ operation: { name } }) => name === operation.name);
  const view = seen.lesson === null ? null : viewOracle(resources, seen.lesson);
  if (chosen.kind === 'view' && view !== null) return { baseline: baselineOf(operation, seen, 'view'), oracle: view };
  const oracle = chosen.kind === 'number' && action?.effect ? numberOracle(action.effect, seen.unit) : chosen;
  const beside = seen.lesson !== null && isCountable(seen.lesson) ? view : null;
  return { baseline: baselineOf(operation, seen, oracle.kind), oracle, beside };
}

function troubleOf(error: unknown, tries: number, ports: BaselinePorts): Baseline['trouble'] {
  if (error instanceof Trouble) {
    const isVoid = error.reason === 'rate-limited' || error.reason === 'unavailable';
    return { reason: error.reason, args: isVoid ? { ...error.args, tries: tries + 1 } : error.args };
  }
  ports.onInternalError(error);
  return { reason: 'internal-error', args: { detail: error instanceof Error ? error.message : String(error) } };
}

/** The name of an operation within its resource: two resources may share one. */
export function ownName(operation: Operation, resource: Resource): string {
  return `${resource.name} ${operation.name}`;
}

/** Picks the oracle a count asks for: the one its operation's preflight settled on, else the best there is. */
export function oracleFor(knowns: ReadonlyMap<string, Known>, { operation, resource, isApart }: Counted): Oracle {
  const found = knowns.get(ownName(operation, resource));
  const { oracle = oraclesFor(resource, operation, [])[0] ?? blindOracle, beside = null } = found ?? {};
  return isApart === true && beside !== null ? besides(oracle, beside) : oracle;
}
