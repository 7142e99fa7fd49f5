import type { Preflight } from '../../src/core/preflight.js';
import { createEvidence, type Evidence } from '../../src/core/evidence.js';
import type { Exchange } from '../../src/core/http.js';
import type { Reading } from '../../src/core/reading.js';

/** A baseline whose oracle is a list that counted to two. */
export const soundPreflight: Preflight = {
  operation: 'POST /orders',
  trouble: null,
  oracle: 'filter',
  countsToTwo: true,
  lagMs: 0,
  settleMs: 500,
  p50Ms: 5,
  p95Ms: 10,
  volatile: ['$.id', '$.createdAt'],
};

/** A reading of a list, unless the overrides say otherwise. */
export function reading(step: string, count: number | null, overrides: Partial<Reading> = {}): Reading {
  return {
    step,
    attempt: 1,
    round: 0,
    kind: 'filter',
    count,
    ids: [],
    value: null,
    trouble: count === null ? 'list answered with 500' : null,
    exchanges: [],
    ...overrides,
  };
}

/** Evidence made of canned exchanges and readings. */
export function evidence(
  exchanges: readonly Exchange[],
  readings: readonly Reading[] = [],
  { preflight = {}, maxWaitMs = 10_000 }: { readonly preflight?: Partial<Preflight>; readonly maxWaitMs?: number } = {},
): Evidence {
  return createEvidence({ exchanges, readings, preflight: { ...soundPreflight, ...preflight }, maxWaitMs });
}
