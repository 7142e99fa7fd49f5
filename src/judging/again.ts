import { isSkip, type Check, type Subject } from '../core/check.js';
import type { Grounds } from '../core/grounds.js';
import type { Case, Omission } from '../core/plan.js';
import type { Preflight } from '../core/preflight.js';
import type { Attempt, RecordedExchange, Report, ReportExchange, ReportResult, Result } from '../core/report.js';
import { operationsOf, type Resource } from '../core/resource.js';
import type { Severity } from '../core/verdict.js';
import { omittedResult, resultOf } from './result.js';
import { isReview, reviewCases } from './review.js';
import { verdictOf, type PlayedAttempt } from './verdict-of.js';

/** A report, and what it is judged by. */
export interface JudgeAgain {
  readonly report: Pick<Report, 'results' | 'exchanges'> & { readonly grounds: Grounds };
  /** The resources of its grounds. */
  readonly resources: readonly Resource[];
  readonly checks: readonly Check[];
  /** Told of a bug, and of the result it struck. */
  readonly onInternalError: (error: unknown, id: string) => void;
}

/**
 * Judges the results of a report from what was exchanged, in their order, by the same fold as a run. Sends nothing. What
 * cannot be judged any more stays open and says why; results of checks that are not given are left out.
 */
export function judgeAgain({ report, resources, checks, onInternalError }: JudgeAgain): readonly Result[] {
  const { grounds } = report;
  const exchanges = exchangesIn(report);
  const known = new Map(checks.map(check => [check.id, check]));
  const severity: Readonly<Record<string, Severity>> = Object.fromEntries(
    report.results.map(result => [result.check, result.severity]),
  );
  const bound = report.results.flatMap(recorded => {
    const check = known.get(recorded.check);
    return check === undefined ? [] : [{ recorded, ...bind(recorded, check, grounds, resources) }];
  });
  const numbered = new Map(exchanges.map(exchange => [exchange.n, exchange]));
  const judged = new Map<string, Result>();
  const reviews: Case[] = [];
  for (const { recorded, planned, omission, why } of bound) {
    if (omission !== null) judged.set(recorded.id, omittedResult(omission, severity));
    else if (planned === null) judged.set(recorded.id, openResult(recorded, why));
    else if (isReview(planned)) reviews.push(planned);
    else if (wasNotCalled(recorded, planned)) judged.set(recorded.id, uncalledResult(planned, severity));
    else judged.set(recorded.id, resultAgain(recorded, planned, grounds, numbered, onInternalError));
  }
  const seen = { exchanges, results: [...judged.values()] };
  for (const result of reviewCases(reviews, seen, { severity, onInternalError })) judged.set(result.id, result);
  return bound.flatMap(({ recorded }) => judged.get(recorded.id) ?? []);
}

/** A check bound anew to the operation of a result: a case, or why it does not apply, or why that cannot be told. */
interface Bound {
  readonly planned: Case | null;
  readonly omission: Omission | null;
  readonly why: string;
}

function bind(recorded: ReportResult, check: Check, grounds: Grounds, resources: readonly Resource[]): Bound {
  const { id, variant } = recorded;
  const open = (why: string): Bound => ({ planned: null, omission: null, why });
  const resource = resources.find(({ name }) => name === recorded.resource);
  const named = resource === undefined ? [] : operationsOf(resource).filter(({ name }) => name === recorded.operation);
  if (resource === undefined || named.length === 0) return open('the grounds of the report do not tell its operation');
  if (!check.variants.includes(variant)) return open(`this version of the check has no variant "${variant}"`);
  const { isAuthenticated, identities, hasStore } = grounds;
  const hooks = new Set(grounds.hooks);
  // One operation may have two roles in its resource: the last that the check applies to counts, as in a plan.
  const each = named.map(operation => {
    const subject: Subject = { operation, resource, resources, identities, isAuthenticated, hooks, hasStore };
    return { common: { id, check, variant, operation, resource }, scenario: check.plan(subject, variant) };
  });
  for (const { common, scenario } of each.toReversed()) {
    if (!isSkip(scenario)) return { planned: { ...common, scenario }, omission: null, why: '' };
  }
  const last = each.at(-1);
  if (last === undefined || !isSkip(last.scenario)) return open('it has no operation');
  return { planned: null, omission: { ...last.common, reason: last.scenario.skip }, why: '' };
}

/** Whether a case stood by in that run, and nothing called it. */
function wasNotCalled({ verdict }: ReportResult, { scenario }: Case): boolean {
  return scenario.standsBy !== undefined && verdict === 'not-applicable';
}

function uncalledResult(planned: Case, severity: Readonly<Record<string, Severity>>): Result {
  return omittedResult({ ...planned, reason: planned.scenario.standsBy ?? '' }, severity);
}

function resultAgain(
  recorded: ReportResult,
  planned: Case,
  { preflights, maxWaitMs }: Grounds,
  numbered: ReadonlyMap<number, RecordedExchange>,
  onInternalError: JudgeAgain['onInternalError'],
): Result {
  const { id, operation, resource, attempts, readings, hooks = [], severity, oracleKind, durationMs } = recorded;
  const own = preflights.find(one => one.operation === operation && one.resource === resource);
  const reason = misfitAgain(recorded, planned, own?.preflight);
  if (reason !== null) return omittedResult({ ...planned, reason }, { [planned.check.id]: severity });
  if (attempts === undefined || own === undefined) {
    return openResult(recorded, 'it was not played in that run; this version would play it');
  }
  const { preflight } = own;
  const exchanges = recorded.exchanges.flatMap(n => numbered.get(n) ?? []);
  const judged = verdictOf(
    planned,
    attempts.map(one => playedIn(one, { exchanges, readings, hooks })),
    { preflight, maxWaitMs, onInternalError: error => onInternalError(error, id) },
  );
  if (judged === null) return openResult(recorded, 'it takes one more attempt than was played');
  const played = { ...judged, exchanges, readings, hooks, judgedBy: { attempts, preflight } };
  return resultOf(planned, played, { severity, oracle: oracleKind, durationMs });
}

/** Why a case did not apply after all: by what its preflight learned, or, where none was recorded, as the run said. */
function misfitAgain(recorded: ReportResult, { scenario }: Case, preflight: Preflight | undefined): string | null {
  if (scenario.misfit === undefined || (preflight !== undefined && preflight.trouble !== null)) return null;
  if (preflight !== undefined) return scenario.misfit(preflight);
  return recorded.verdict === 'not-applicable' ? recorded.reason : null;
}

/** An attempt with what of the result is its own. */
function playedIn(
  attempt: Attempt,
  { exchanges, readings, hooks }: Pick<PlayedAttempt, 'exchanges' | 'readings' | 'hooks'>,
): PlayedAttempt {
  const isOwn = (one: { readonly attempt: number }) => one.attempt === attempt.attempt;
  return {
    ...attempt,
    exchanges: exchanges.filter(isOwn),
    readings: readings.filter(isOwn),
    hooks: hooks.filter(isOwn),
  };
}

/** A result that cannot be told from what was recorded. */
function openResult(recorded: ReportResult, detail: string): Result {
  const { id, check, variant, operation, resource, severity, basis, oracleKind, exchanges, readings } = recorded;
  const { hooks, location, durationMs } = recorded;
  return {
    id,
    check,
    variant,
    operation,
    resource,
    verdict: 'inconclusive',
    severity,
    basis,
    oracleKind,
    reason: 'not-judged',
    reasonArgs: { detail },
    findings: [],
    notes: [],
    exchanges,
    readings,
    ...(hooks === undefined ? {} : { hooks }),
    location,
    durationMs,
  };
}

/** The exchanges of a report as its run recorded them. */
export function exchangesIn({
  results,
  exchanges,
}: Pick<Report, 'results' | 'exchanges'>): readonly RecordedExchange[] {
  const operations = new Map(results.map(({ id, operation }) => [id, operation]));
  return exchanges.map(({ operation: called, ...exchange }: ReportExchange) => {
    const operation = called === undefined ? operations.get(exchange.result) : called;
    // The schema knows methods and ways of release as texts: a later version may have more of them.
    const recorded = exchange as RecordedExchange;
    return operation === undefined || operation === null ? recorded : { ...recorded, operation };
  });
}
