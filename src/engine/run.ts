import type { Case, Plan } from '../core/plan.js';
import type { Leftover, Outcome, Result } from '../core/report.js';
import { createPreflights } from './preflights.js';
import { findPreflight } from './find-preflight.js';
import { leftoversOf } from './leftovers.js';
import { orderOf } from './order.js';
import { playCase } from './play-case.js';
import { playIfCalled } from './stand-by.js';
import { omittedResult } from '../judging/result.js';
import { reviewCases } from '../judging/review.js';
import { createRun, type Run, type RunOptions, type RunPorts, type Surroundings } from './run-context.js';
import { setUp, tearDown } from './set-up.js';

export type { RunPorts };

/**
 * Runs a plan: preflights, then the cases side by side, then the clean-up. What one case does to itself costs no other
 * case; an interrupt or a used-up budget ends the cases, never the clean-up.
 */
export async function runPlan(
  plan: Plan,
  around: Surroundings,
  options: RunOptions,
  ports: RunPorts,
): Promise<Outcome> {
  const run = createRun(around, options, ports);
  const { sending, late, quiet, moving, standing, reviews } = orderOf(plan.cases);
  const trouble = await setUp(run);
  const preflights = createPreflights((...asked) => findPreflight(run, ...asked), trouble);
  const play: Play = async (planned, onAway) => {
    const result = await playCase(run, preflights, planned, onAway === undefined ? {} : { onAway });
    ports.onEvent({ kind: 'case-ended', result });
    return result;
  };
  ports.onEvent({ kind: 'started', cases: plan.cases.length });

  // A resource below another is tried out before the cases of the other keep it waiting.
  void Promise.allSettled(sending.map(preflights.of));
  const waiting = await planted(late, play);
  const played = await Promise.all([...waiting, ...quiet.map(planned => play(planned))]);
  for (const planned of moving) played.push(await play(planned));
  for (const planned of standing) played.push(await playIfCalled(run, preflights, planned, plan));
  const reviewed = review(run, reviews, played);

  const leftovers = await leftoversOf(run);
  await tearDown(run);
  return outcomeOf(run, plan, [...played, ...reviewed], leftovers);
}

/** Plays a case; `onAway` is told when it waits for the first time. */
type Play = (planned: Case, onAway?: () => void) => Promise<Result>;

/**
 * Begins the late cases, and resolves once each of them waits or all are over: what comes then is played beside their
 * waits.
 */
async function planted(late: readonly Case[], play: Play): Promise<readonly Promise<Result>[]> {
  const away: Promise<void>[] = [];
  const playing = late.map(planned => {
    let onAway = () => {};
    away.push(new Promise(resolve => (onAway = resolve)));
    return play(planned, onAway);
  });
  await Promise.race([Promise.all(away), Promise.all(playing)]);
  return playing;
}

/** Judges the cases that send nothing, by what the others left. */
function review({ session, options, ports, bugs }: Run, cases: readonly Case[], played: readonly Result[]) {
  const seen = { exchanges: session.exchanges, results: played };
  const reviewed = reviewCases(cases, seen, {
    severity: options.severity,
    onInternalError: (error, where) => bugs.note(where, error),
  });
  for (const result of reviewed) ports.onEvent({ kind: 'case-ended', result });
  return reviewed;
}

/** What the run hands over to the report, the results as they were planned. */
function outcomeOf(
  { session, options, ports, bugs }: Run,
  { cases, omissions }: Plan,
  results: readonly Result[],
  leftovers: readonly Leftover[],
): Outcome {
  const byId = new Map(results.map(result => [result.id, result]));
  return {
    results: [
      ...cases.flatMap(({ id }) => byId.get(id) ?? []),
      ...omissions.map(omission => omittedResult(omission, options.severity)),
    ],
    exchanges: session.exchanges,
    leftovers,
    stopped: ports.signal.aborted ? 'interrupted' : session.spent() === null ? null : 'budget',
    internalErrors: bugs.described(),
  };
}
