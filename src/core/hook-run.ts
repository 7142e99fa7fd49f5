import type { HookName } from './spec.js';

/** One run of a hook of the user's: what it was asked, and what it printed or was answered with. */
export interface HookRun {
  /** Label of the step. */
  readonly step: string;
  readonly attempt: number;
  readonly hook: HookName;
  /** What its templates were filled from, such as `seconds`. */
  readonly values: Readonly<Record<string, string | number>>;
  readonly kind: 'command' | 'request';
  /** What the command printed; `null` for a request, whose answer stands in its exchange. */
  readonly output: string | null;
  /** Number of the request's exchange; `null` for a command. */
  readonly exchange: number | null;
  /** Microseconds since the run began: when it was done. */
  readonly atUs: number;
}

/** By how many seconds the test clock was moved between two moments of the run (microseconds). */
export function movedBetween(hooks: readonly HookRun[], fromUs: number, toUs: number): number {
  return hooks
    .filter(({ hook, atUs }) => hook === 'clock' && atUs > fromUs && atUs <= toUs)
    .reduce((sum, { values }) => sum + Number(values['seconds'] ?? 0), 0);
}
