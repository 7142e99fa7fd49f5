import type { Clock } from '../core/transport.js';
import { Trouble } from '../core/trouble.js';

/** Limits that stop a run with its report written; `null` = none. */
export interface Budgets {
  readonly maxRequests: number | null;
  readonly maxTimeMs: number | null;
  readonly maxLeftovers: number | null;
  /** Requests a millisecond at most. */
  readonly rate: { readonly requests: number; readonly perMs: number } | null;
}

/** What a run has used up. */
export interface Spending {
  /** Requests that went out. */
  readonly requests: () => number;
  /** Records that stand at the moment. */
  readonly records: () => number;
}

/** Lets requests out as long as the budgets last and nobody interrupts. */
export interface Allowance {
  /** Throws Trouble `interrupted` or `budget` when so many more must not go out. */
  readonly admit: (count: number) => void;
  /** Resolves when so many may go out at the pace of the run. */
  readonly paced: (count: number) => Promise<void>;
  /** From now on nothing is refused, and no interrupt shortens a pause. */
  readonly lift: () => void;
  /** The budget that was used up, if one was. */
  readonly spent: () => string | null;
}

export function createAllowance(
  { maxRequests, maxTimeMs, maxLeftovers, rate }: Budgets,
  spending: Spending,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Allowance {
  let isLifted = false;
  let spent: string | null = null;
  let nextFreeMs = 0;

  function spentBudget(count: number): string | null {
    if (maxRequests !== null && spending.requests() + count > maxRequests) return `--max-requests ${maxRequests}`;
    if (maxTimeMs !== null && clock.nowUs() / 1000 > maxTimeMs) return `--max-time ${maxTimeMs / 1000}s`;
    if (maxLeftovers !== null && spending.records() >= maxLeftovers) return `--max-leftovers ${maxLeftovers}`;
    return null;
  }

  return {
    admit(count) {
      if (isLifted) return;
      if (signal.aborted) throw new Trouble('interrupted');
      spent ??= spentBudget(count);
      if (spent !== null) throw new Trouble('budget', { budget: spent });
    },
    async paced(count) {
      if (rate === null) return;
      const nowMs = clock.nowUs() / 1000;
      const startMs = Math.max(nowMs, nextFreeMs);
      nextFreeMs = startMs + (count * rate.perMs) / rate.requests;
      if (startMs > nowMs) await clock.sleep(startMs - nowMs, isLifted ? undefined : signal);
    },
    lift() {
      isLifted = true;
    },
    spent: () => spent,
  };
}
