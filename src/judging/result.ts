import type { Case, Omission } from '../core/plan.js';
import type { JudgedBy, Result } from '../core/report.js';
import type { OracleKind, Reading } from '../core/reading.js';
import type { Severity } from '../core/verdict.js';
import type { HookRun } from '../core/hook-run.js';
import type { Exchange } from '../core/http.js';
import type { Trait } from '../core/trait.js';
import type { Verdict } from '../core/verdict.js';

/** A case played to its verdict, with everything that was exchanged on the way. */
export interface PlayedCase {
  readonly verdict: Verdict;
  readonly exchanges: readonly Exchange[];
  readonly readings: readonly Reading[];
  readonly hooks: readonly HookRun[];
  /** What the last attempt that counted shows of the contract. */
  readonly traits?: readonly Trait[];
  /** Absent for a case that played nothing of its own. */
  readonly judgedBy?: JudgedBy;
}

/** A played case as a result. */
export function resultOf(
  { id, check, variant, operation, resource }: Case,
  { verdict, exchanges, readings, hooks, traits = [], judgedBy }: PlayedCase,
  extra: { readonly severity: Severity; readonly oracle: OracleKind; readonly durationMs: number },
): Result {
  const found = 'findings' in verdict ? verdict.findings : [];
  const readKind = readings.findLast(({ kind }) => kind !== 'none')?.kind;
  return {
    id,
    check: check.id,
    variant,
    operation: operation.name,
    resource: resource.name,
    verdict: verdict.verdict,
    severity: extra.severity,
    basis: found.find(({ basis }) => basis !== null)?.basis ?? check.basis,
    oracleKind: readKind ?? extra.oracle,
    reason: verdict.verdict === 'inconclusive' ? verdict.reason : null,
    reasonArgs: verdict.verdict === 'inconclusive' ? verdict.args : {},
    findings: found,
    notes: 'notes' in verdict ? verdict.notes : [],
    exchanges: exchanges.map(({ n }) => n).toSorted((a, b) => a - b),
    readings,
    ...(hooks.length === 0 ? {} : { hooks }),
    ...(traits.length === 0 ? {} : { traits }),
    ...(judgedBy === undefined ? {} : { judgedBy }),
    location: operation.location,
    durationMs: Math.round(extra.durationMs),
  };
}

/** A check that does not apply, as a result. */
export function omittedResult(
  { id, check, variant, operation, resource, reason }: Omission,
  severity: Readonly<Record<string, Severity>>,
): Result {
  return {
    id,
    check: check.id,
    variant,
    operation: operation.name,
    resource: resource.name,
    verdict: 'not-applicable',
    severity: severity[check.id] ?? check.severity,
    basis: check.basis,
    oracleKind: 'none',
    reason,
    reasonArgs: {},
    findings: [],
    notes: [],
    exchanges: [],
    readings: [],
    location: operation.location,
    durationMs: 0,
  };
}
