import type { Exchange } from '../core/http.js';
import { keyOn } from '../core/operation.js';
import type { Case } from '../core/plan.js';
import { inconclusive, type Verdict } from '../core/verdict.js';

/** The part of a declared lifetime after which a key may be gone; the rest is slack for clocks and sweepers. */
const DUE = 0.9;

/**
 * Takes a finding back that an expired key explains: one key was used for so long that its declared lifetime may have
 * been over. `null` where it does not, and for the checks whose subject is the lifetime.
 */
export function outlived(
  { check, operation }: Pick<Case, 'check' | 'operation'>,
  exchanges: readonly Exchange[],
  verdict: Verdict,
): Verdict<never, never> | null {
  const { contract } = operation;
  const isFinding = verdict.verdict === 'fail' || verdict.verdict === 'warn';
  if (!isFinding || check.group === 'lifetime' || typeof contract.ttl !== 'number') return null;
  const spans = new Map<string, { readonly from: number; readonly to: number }>();
  for (const { request, sentAtUs, endAtUs } of exchanges) {
    const key = keyOn(request, contract);
    if (key === null) continue;
    const at = sentAtUs ?? endAtUs;
    const known = spans.get(key) ?? { from: at, to: at };
    spans.set(key, { from: Math.min(known.from, at), to: Math.max(known.to, at) });
  }
  const longest = Math.max(0, ...[...spans.values()].map(({ from, to }) => (to - from) / 1_000_000));
  if (longest < DUE * contract.ttl) return null;
  return inconclusive('key-outlived', { took: `${longest.toFixed(1)} s`, ttl: `${contract.ttl} s` });
}
