import type { Observed } from '../core/check.js';
import type { Case } from '../core/plan.js';
import type { RecordedExchange, Result } from '../core/report.js';
import { inconclusive, type Verdict } from '../core/verdict.js';
import type { Severity } from '../core/verdict.js';
import { messageOf } from './bugs.js';
import { resultOf } from './result.js';

/** What a run leaves behind for those who only look at it. */
export interface Seen {
  readonly exchanges: readonly RecordedExchange[];
  /** Name of the operation an exchange belongs to. */
  readonly operationOf: (n: number) => string | undefined;
  readonly results: readonly Result[];
}

export function isReview({ scenario }: Case): boolean {
  return scenario.review !== undefined;
}

/** Judges the cases that send nothing, by what the run saw of their operations. A bug in one costs no other. */
export function reviewCases(
  cases: readonly Case[],
  { exchanges, operationOf, results }: Seen,
  {
    severity,
    onInternalError,
  }: {
    readonly severity: Readonly<Record<string, Severity>>;
    /** Told of a bug, and of the case it struck. */
    readonly onInternalError: (error: unknown, id: string) => void;
  },
): readonly Result[] {
  return cases.map(planned => {
    const { name } = planned.operation;
    const observed: Observed = {
      exchanges: exchanges.filter(({ n }) => operationOf(n) === name),
      results: results.filter(({ operation }) => operation === name),
    };
    const verdict = reviewed(planned, observed, onInternalError);
    const cited = new Set(citedIn(verdict));
    const result = resultOf(
      planned,
      { verdict, exchanges: exchanges.filter(({ n }) => cited.has(n)), readings: [], hooks: [] },
      { severity: severity[planned.check.id] ?? planned.check.severity, oracle: 'none', durationMs: 0 },
    );
    const place = result.findings.find(({ location }) => location !== undefined)?.location;
    return place === undefined ? result : { ...result, location: place };
  });
}

function reviewed(
  { id, scenario }: Case,
  observed: Observed,
  onInternalError: (error: unknown, id: string) => void,
): Verdict {
  try {
    return scenario.review?.(observed) ?? inconclusive('not-observed');
  } catch (error) {
    onInternalError(error, id);
    return inconclusive('internal-error', { detail: messageOf(error) });
  }
}

function citedIn(verdict: Verdict): readonly number[] {
  return 'findings' in verdict ? verdict.findings.flatMap(({ exchanges }) => exchanges) : [];
}
