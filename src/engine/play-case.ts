import type { Tools } from '../core/check.js';
import type { Operation } from '../core/operation.js';
import type { Case } from '../core/plan.js';
import type { Result } from '../core/report.js';
import { backOff } from './back-off.js';
import { hasEffects, type Preflights } from './preflights.js';
import { heldFor } from './held-callers.js';
import { isolationOf } from './order.js';
import { playAttempts } from './play-attempts.js';
import { omittedResult, resultOf } from '../judging/result.js';
import type { Run, RunOptions } from './run-context.js';

/**
 * Plays a case in its place; `onAway` is told when it waits for the first time, or is over without. `turnedAway` is for
 * one that stood by.
 */
export async function playCase(
  run: Run,
  preflights: Preflights,
  planned: Case,
  {
    onAway = () => {},
    turnedAway = [],
  }: { readonly onAway?: () => void; readonly turnedAway?: Tools['turnedAway'] } = {},
): Promise<Result> {
  const { id, resource, operation, check } = planned;
  const { ports, options, places, bugs, driving } = run;
  const { clock, onEvent } = ports;
  const preflight = await preflights.of(planned);
  const reason = preflight.trouble === null ? (planned.scenario.misfit?.(preflight) ?? null) : null;
  if (reason !== null) {
    onAway();
    return omittedResult({ ...planned, reason }, options.severity);
  }
  const stay = await places.enter(resource, isolationOf(planned, preflight));
  const startedUs = clock.nowUs();
  const whileAway = (ms: number) => {
    if (ms > 0) onEvent({ kind: 'waiting', id, ms });
    onAway();
    return stay.whileAway(ms);
  };
  onEvent({ kind: 'case-started', id });
  try {
    const played = await playAttempts(planned, {
      preflight,
      maxWaitMs: options.maxWaitMs,
      tools: { ...ports.arrangerFor(id), preflight, turnedAway, ...waitsOf(operation, options) },
      backOff: (voiding, tries) => backOff(run, stay, voiding, tries),
      onInternalError: error => bugs.note(id, error),
      drivePorts: attempt => ({
        ...driving,
        callers: heldFor(ports.callers),
        oracleOf: preflights.oracleOf,
        hooks: run.around.hooks,
        settleMs: preflight.settleMs,
        halfWayMs: preflight.p50Ms / 2,
        result: id,
        attempt,
        whileAway,
      }),
    });
    const severity = options.severity[check.id] ?? check.severity;
    const oracle = hasEffects(operation) ? preflight.oracle : 'none';
    return resultOf(planned, played, { severity, oracle, durationMs: (clock.nowUs() - startedUs) / 1000 });
  } finally {
    onAway();
    stay.leave();
  }
}

function waitsOf({ contract }: Operation, { race, maxWaitMs, patienceMs }: RunOptions) {
  return { race, maxWaitMs, patienceMs: patienceMs ?? contract.inflightTimeout * 1000 };
}
