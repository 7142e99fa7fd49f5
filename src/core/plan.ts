import type { Check, Scenario } from './check.js';
import type { Operation } from './operation.js';
import type { Resource } from './resource.js';

/** A check bound to an operation: the unit that is run, judged and reported. */
export interface Case {
  readonly id: string;
  readonly check: Check;
  readonly variant: string | null;
  readonly operation: Operation;
  readonly resource: Resource;
  readonly scenario: Scenario;
}

/** A check that does not apply to an operation, and why. */
export interface Omission {
  readonly id: string;
  readonly check: Check;
  readonly variant: string | null;
  readonly operation: Operation;
  readonly resource: Resource;
  readonly reason: string;
}

export interface Plan {
  readonly cases: readonly Case[];
  readonly omissions: readonly Omission[];
  /** Resources with at least one case, parents before children. */
  readonly resources: readonly Resource[];
}
