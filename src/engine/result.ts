import type { Case, Omission } from '../core/plan.js';
import type { Result } from '../core/report.js';
import type { OracleKind } from '../core/reading.js';
import type { Severity } from '../core/verdict.js';
import type { PlayedCase } from './play-attempts.js';

/** A played case as a result. */
export function resultOf(
  { id, check, variant, operation, resource }: Case,
  { verdict, exchanges, readings, hooks, traits = [] }: PlayedCase,
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
