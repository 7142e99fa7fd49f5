import type { Operation } from '../core/operation.js';
import type { Preflight } from '../core/preflight.js';
import { isCountable, showsRepeats } from '../oracle/view/lesson.js';
import { isRepeatable } from '../oracle/view/reads.js';
import type { PreflightSeen } from './preflight.js';

/** Every later reading waits at least this long, milliseconds. */
const SETTLE_FLOOR_MS = 500;

/** What a preflight amounts to. */
export function preflightOf(operation: Operation, seen: PreflightSeen, oracle: Preflight['oracle']): Preflight {
  const latencies = seen.latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    operation: operation.name,
    trouble: null,
    oracle,
    countsToTwo: seen.countsToTwo,
    ...(seen.lesson !== null && oracle !== 'view' && isCountable(seen.lesson) ? { seesBeside: true } : {}),
    ...(isRepeatable(operation) && showsRepeats(seen.lesson) ? { seesElsewhere: true } : {}),
    ...(seen.readyBy.length === 0 ? {} : { readyBy: seen.readyBy }),
    ...(seen.secondRefused === undefined ? {} : { secondRefused: seen.secondRefused }),
    ...(seen.omitsMarker === true ? { omitsMarker: true } : {}),
    ...(seen.finishesLater === true ? { finishesLater: true } : {}),
    lagMs: seen.lagMs,
    settleMs: Math.max(3 * seen.lagMs, SETTLE_FLOOR_MS),
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    volatile: seen.volatile,
  };
}

/** The preflight of an operation that has no preflight, or whose preflight failed. */
export function plainPreflight(operation: string, trouble: Preflight['trouble'] = null): Preflight {
  return {
    operation,
    trouble,
    oracle: 'none',
    countsToTwo: false,
    lagMs: 0,
    settleMs: SETTLE_FLOOR_MS,
    p50Ms: 0,
    p95Ms: 0,
    volatile: [],
  };
}
