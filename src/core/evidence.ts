import type { Preflight } from './preflight.js';
import type { HookRun } from './hook-run.js';
import type { Exchange } from './http.js';
import { roundsIn } from './race.js';
import type { Reading } from './reading.js';

/** What an attempt is judged by beside its steps. */
export interface Circumstances {
  /** What the preflight learned of the operation. */
  readonly preflight: Preflight;
  /** The hooks that were run, in their order. */
  readonly hooks: readonly HookRun[];
  /** Longest wait the run allows, milliseconds. */
  readonly maxWaitMs: number;
}

/** Says in types alone which steps can be asked for. */
declare const LABELS: unique symbol;

/**
 * All a judge may look at: the exchanges and readings of one attempt of a case, and its circumstances. Data and nothing
 * else, so that an attempt can be written down and judged again. `Label` are the labels of the steps that the probe
 * plays: evidence of more steps serves where fewer are asked for, and a label that is never sent does not compile.
 */
export interface Evidence<in Label extends string = string> extends Circumstances {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly [LABELS]?: (label: Label) => void;
}

/** The evidence of an attempt that was played, whatever its steps. */
export function createEvidence({
  hooks = [],
  ...known
}: Pick<Evidence, 'exchanges' | 'readings' | 'preflight' | 'maxWaitMs'> & {
  readonly hooks?: readonly HookRun[];
}): Evidence {
  return { ...known, hooks };
}

/** Every exchange of a step, in a round when given. */
export function allOf<Label extends string>(
  { exchanges }: Evidence<Label>,
  step: NoInfer<Label>,
  round?: number,
): readonly Exchange[] {
  return exchanges.filter(exchange => exchange.step === step && (round === undefined || exchange.round === round));
}

/** The first exchange of a step, in a round when given. */
export function exchangeOf<Label extends string>(
  evidence: Evidence<Label>,
  step: NoInfer<Label>,
  round?: number,
): Exchange | undefined {
  return allOf(evidence, step, round)[0];
}

/** The first exchange of each of these steps. */
export function exchangesOf<Label extends string, const Steps extends readonly NoInfer<Label>[]>(
  evidence: Evidence<Label>,
  ...steps: Steps
): { readonly [At in keyof Steps]: Exchange | undefined } {
  return steps.map(step => exchangeOf(evidence, step)) as { readonly [At in keyof Steps]: Exchange | undefined };
}

/** The last exchange of a step: the one that counts where a step was tried again. */
export function lastOf<Label extends string>(
  evidence: Evidence<Label>,
  step: NoInfer<Label>,
  round?: number,
): Exchange | undefined {
  return allOf(evidence, step, round).at(-1);
}

/** Every reading of a step, in a round when given. */
export function readingsOf<Label extends string>(
  { readings }: Evidence<Label>,
  step: NoInfer<Label>,
  round?: number,
): readonly Reading[] {
  return readings.filter(reading => reading.step === step && (round === undefined || reading.round === round));
}

/** The last reading of a step, in a round when given. */
export function readingOf<Label extends string>(
  evidence: Evidence<Label>,
  step: NoInfer<Label>,
  round?: number,
): Reading | undefined {
  return readingsOf(evidence, step, round).at(-1);
}

/** The rounds of a race step, each with its exchanges. */
export function roundsOf<Label extends string>(
  { exchanges }: Evidence<Label>,
  step: NoInfer<Label>,
): readonly (readonly Exchange[])[] {
  return roundsIn(exchanges, step);
}
