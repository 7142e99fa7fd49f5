import type { Sessions } from '../core/http.js';
import type { Wire } from '../core/transport.js';
import type { Composed } from './compose.js';
import type { Wiring } from './wiring.js';

/** Requests to be released together. */
export interface Race {
  readonly requests: readonly Composed[];
  /** Sent on each connection before; `null` = nothing is. */
  readonly warmUp: Composed | null;
  /** Over how many sessions, where the way has any. */
  readonly sessions: Sessions;
  readonly signal: AbortSignal;
}

/** Requests of a race as released, and what was sent to warm up. */
export interface Released {
  readonly released: readonly Wire[];
  readonly warmUps: readonly Wire[];
}

/** What a way needs of the target. */
export interface Need {
  /** Whether the target has it; rejects when that cannot be found out. */
  readonly isMet: (wiring: Wiring, h2c: boolean, signal: AbortSignal) => Promise<boolean>;
  /** What is told when it has not. */
  readonly unmet: string;
}

/** How one way releases a race. */
export interface Way {
  /** `null` = nothing but HTTP/1.1. */
  readonly need: Need | null;
  /** Whether this request can go out so. */
  readonly bears: (composed: Composed) => boolean;
  /** Prepares a place for each request, then releases all at once. What the network does is data in the Wires. */
  readonly release: (wiring: Wiring, race: Race) => Promise<Released>;
}
