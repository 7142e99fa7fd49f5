import type { Baseline } from './baseline.js';
import type { HookRun } from './hook-run.js';
import type { Exchange } from './http.js';
import { roundsOf } from './race.js';
import type { Reading } from './reading.js';

/** All a judge may look at: the exchanges and readings of one attempt of a case, and the operation's baseline. */
export interface Evidence {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly baseline: Baseline;
  /** The hooks that were run, in their order. */
  readonly hooks: readonly HookRun[];
  /** Longest wait the run allows, milliseconds. */
  readonly maxWaitMs: number;
  /** The first exchange of a step, in a round when given. */
  readonly exchange: (step: string, round?: number) => Exchange | undefined;
  /** Every exchange of a step, in a round when given. */
  readonly all: (step: string, round?: number) => readonly Exchange[];
  /** The last reading of a step, in a round when given. */
  readonly reading: (step: string, round?: number) => Reading | undefined;
  /** The rounds of a race step. */
  readonly rounds: (step: string) => readonly (readonly Exchange[])[];
}

export function createEvidence(input: {
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly baseline: Baseline;
  readonly hooks?: readonly HookRun[];
  readonly maxWaitMs: number;
}): Evidence {
  const { exchanges, readings } = input;
  const all = (step: string, round?: number) =>
    exchanges.filter(exchange => exchange.step === step && (round === undefined || exchange.round === round));
  return {
    ...input,
    hooks: input.hooks ?? [],
    all,
    exchange: (step, round) => all(step, round)[0],
    reading: (step, round) =>
      readings.findLast(reading => reading.step === step && (round === undefined || reading.round === round)),
    rounds: step => roundsOf(exchanges, step),
  };
}
