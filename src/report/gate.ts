import type { Basis, Finding, Severity, VerdictName } from '../core/verdict.js';

/** What makes a run fail. */
export interface Gate {
  readonly failOn: 'fail' | 'warn' | 'inconclusive';
  /** Findings below it are reported but do not count. */
  readonly minSeverity: Severity;
  /** A `warn` whose basis is `should` counts as a `fail`. */
  readonly strict: boolean;
}

/** What the gate looks at in a result. */
export interface Gated {
  readonly verdict: VerdictName;
  readonly severity: Severity;
  readonly basis: Basis;
  readonly findings: readonly Finding[];
  readonly waived: object | null;
  readonly check?: string;
}

const SEVERITIES = { low: 0, medium: 1, high: 2, critical: 3 } as const satisfies Record<Severity, number>;
const WEIGHTS = { 'not-applicable': 0, pass: 0, inconclusive: 1, warn: 2, fail: 3 } as const satisfies Record<
  VerdictName,
  number
>;

/** The verdict as the gate reads it: under `strict` a warn that rests on a SHOULD is a fail. */
export function verdictUnder(gate: Gate, result: Omit<Gated, 'waived' | 'severity'>): VerdictName {
  if (!gate.strict || result.verdict !== 'warn') return result.verdict;
  return result.findings.some(finding => (finding.basis ?? result.basis) === 'should') ? 'fail' : 'warn';
}

/** Whether a result counts against the run. A waived one never does. */
export function countsAgainst(gate: Gate, result: Gated): boolean {
  if (result.waived !== null || SEVERITIES[result.severity] < SEVERITIES[gate.minSeverity]) return false;
  return WEIGHTS[verdictUnder(gate, result)] >= WEIGHTS[gate.failOn];
}

/**
 * The exit code of a run, never a count: 130 interrupted, 2 a bug of ours, 3 nothing conclusive (no check reached pass,
 * fail or warn), 1 findings at or above the gate, else 0.
 */
export function exitCodeOf(
  run: {
    readonly results: readonly (Gated & { readonly reason: string | null })[];
    readonly stopped: 'interrupted' | 'budget' | null;
    readonly internalErrors: readonly string[];
  },
  gate: Gate,
): number {
  if (run.stopped === 'interrupted') return 130;
  if (run.internalErrors.length > 0 || run.results.some(({ reason }) => reason === 'internal-error')) return 2;
  if (!run.results.some(isConclusive)) return 3;
  return run.results.some(result => countsAgainst(gate, result)) ? 1 : 0;
}

/** What was read in a document says nothing about the target: the checks of it (`doc-*`) make no run conclusive. */
function isConclusive({ verdict, check = '' }: Gated): boolean {
  return (verdict === 'pass' || verdict === 'fail' || verdict === 'warn') && !check.startsWith('doc-');
}
