import { create } from 'xmlbuilder2';
import type { Report, ReportResult } from '../core/report.js';
import { curlSequence } from './curl.js';
import { countsAgainst, type Gate } from './gate.js';
import { groupBy } from './group-by.js';
import { fromWorst } from './sentence.js';

type XmlNode = ReturnType<ReturnType<typeof create>['ele']>;

/** How a result shows in JUnit. */
type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * The report as JUnit XML, a suite per operation. A warning is a passed case with its text in `system-out`, unless the
 * gate counts it; trouble in the set-up is an error; whatever else was not decided, does not apply or is waived is
 * skipped. Valid against the Jenkins XSD as a whole, each suite also against that of Surefire.
 */
export function renderJunit(report: Report, gate: Gate): string {
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' });
  const root = document.ele('testsuites', {
    name: 'idem-check',
    ...totals(report.results, gate),
    time: seconds(report.durationMs),
  });
  for (const [operation, results] of groupBy(report.results, result => result.operation)) {
    addSuite(root, operation, results, report, gate);
  }
  return `${document.end({ prettyPrint: true })}\n`;
}

function addSuite(
  root: XmlNode,
  operation: string,
  results: readonly ReportResult[],
  report: Report,
  gate: Gate,
): void {
  const suite = root.ele('testsuite', {
    name: operation,
    ...totals(results, gate),
    skipped: String(results.filter(result => outcomeOf(result, gate) === 'skipped').length),
    time: seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    timestamp: report.startedAt,
  });
  const properties = suite.ele('properties');
  const { target, profile, seed, tool } = report;
  for (const [name, value] of Object.entries({ target, profile, seed: String(seed), version: tool.version })) {
    properties.ele('property', { name, value });
  }
  for (const result of results) addCase(suite, result, report, gate);
}

function addCase(suite: XmlNode, result: ReportResult, report: Report, gate: Gate): void {
  const name = result.variant === null ? result.check : `${result.check}:${result.variant}`;
  const one = suite.ele('testcase', { name, classname: result.operation, time: seconds(result.durationMs) });
  const outcome = outcomeOf(result, gate);
  switch (outcome) {
    case 'failure':
    case 'error':
      one.ele(outcome, { message: result.message, type: typeOf(result) }).txt(detail(result, report));
      return;
    case 'skipped':
      one.ele('skipped', { message: skipMessage(result) });
      return;
    case 'passed':
      if (result.verdict === 'warn') one.ele('system-out').txt(`WARNING ${result.message}\n${detail(result, report)}`);
      else if (result.notes.length > 0) one.ele('system-out').txt([result.message, ...result.notes].join('\n'));
  }
}

function outcomeOf(result: ReportResult, gate: Gate): Outcome {
  if (result.waived !== null || result.verdict === 'not-applicable') return 'skipped';
  if (result.verdict === 'inconclusive' && isTrouble(result.reason)) return 'error';
  if (countsAgainst(gate, result)) return 'failure';
  switch (result.verdict) {
    case 'inconclusive':
      return 'skipped';
    case 'fail':
      // Below the gate's severity: shown, but it does not fail the build.
      return 'skipped';
    case 'warn':
    case 'pass':
      return 'passed';
  }
}

function isTrouble(reason: string | null): boolean {
  return reason !== null && (reason.startsWith('setup-') || reason === 'internal-error');
}

function typeOf({ findings, reason, verdict }: ReportResult): string {
  return findings[0]?.code ?? reason ?? verdict;
}

function skipMessage(result: ReportResult): string {
  if (result.waived !== null) {
    const until = result.waived.until === null ? '' : ` (until ${result.waived.until})`;
    return `waived${until}: ${result.waived.reason}: ${result.message}`;
  }
  if (result.verdict === 'fail') return `below the severity that counts (${result.severity}): ${result.message}`;
  return result.message;
}

function detail(result: ReportResult, report: Report): string {
  const lines = [
    `severity: ${result.severity}, basis: ${result.basis}`,
    ...fromWorst(result.findings).map(sentence => `found:    ${sentence}`),
    `expected: ${result.expected}`,
    `seen:     ${result.observed}`,
    `why:      ${result.why}`,
    `fix:      ${result.fix}`,
    ...result.notes.map(note => `note:     ${note}`),
    `docs:     ${result.docs}`,
    '',
    ...curlSequence(result, report.exchanges).map(words => words.join(' ')),
  ];
  return lines.join('\n').trimEnd();
}

function totals(results: readonly ReportResult[], gate: Gate) {
  const count = (wanted: Outcome) => String(results.filter(result => outcomeOf(result, gate) === wanted).length);
  return { tests: String(results.length), failures: count('failure'), errors: count('error') };
}

/** Seconds with at most three decimals, as both schemas want them. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
