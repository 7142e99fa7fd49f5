import type { Case, Plan } from '../core/plan.js';
import type { Outgoing } from '../core/resource.js';
import type { Result } from '../core/report.js';
import { omittedResult } from '../judging/result.js';
import type { Preflights } from './preflights.js';
import { playCase } from './play-case.js';
import type { Run } from './run-context.js';

/** Plays a case that stood by where the run met what it is for, else says that it does not apply. */
export async function playIfCalled(run: Run, preflights: Preflights, planned: Case, plan: Plan): Promise<Result> {
  const turnedAway = turnedAwayFrom(run, planned, plan);
  const { standsBy: reason = '' } = planned.scenario;
  const result =
    turnedAway.length === 0
      ? omittedResult({ ...planned, reason }, run.options.severity)
      : await playCase(run, preflights, planned, { turnedAway });
  run.ports.onEvent({ kind: 'case-ended', result });
  return result;
}

/** The requests of its operation that were turned away, the latest first; not those a hook of the user's turned away. */
function turnedAwayFrom({ session }: Run, { operation, resource }: Case, { cases }: Plan): readonly Outgoing[] {
  const asked = new Set(cases.filter(({ scenario }) => scenario.hooks.length > 0).map(({ id }) => id));
  const own = session.turnedAway.filter(
    ({ sent, result }) =>
      sent.operation.name === operation.name && sent.operation.resource === resource.name && !asked.has(result),
  );
  // One of each status: what is kept may differ by that.
  const latest = new Map(own.map(({ status, sent }) => [status, sent]));
  return [...latest.values()].toReversed();
}
