import type { ReportResult } from '../../core/report.js';
import { plural, sentencesOf } from '../sentence.js';
import type { Layout } from './finding.js';
import { SIGNS } from './style.js';
import { wrapped } from './wrap.js';

/** What is said of an API that offers nothing to hold it to: shown once by doing it. */
const CODES: ReadonlySet<string> = new Set(['unprotected-retry', 'edits-lost']);

/** Whether a result is that warning, and nothing else. */
export function isUnguarded({ verdict, findings }: ReportResult): boolean {
  return verdict === 'warn' && findings.length > 0 && findings.every(({ code }) => CODES.has(code));
}

/** Results without those that only say again that a resource has no version, where the loss of an edit was shown. */
export function withoutVersionless(results: readonly ReportResult[]): readonly ReportResult[] {
  return results.filter(result => !isVersionless(result, results));
}

/**
 * What an API without keys or without versions does, in a sentence an operation, and how much that settles: it stands first,
 * for whoever reads no further. Empty where neither was shown.
 */
export function unguardedBlock(results: readonly ReportResult[], { style, measure }: Layout): string {
  const shown = results.filter(isUnguarded);
  if (shown.length === 0) return '';
  const sentences = shown.flatMap(result => {
    const sign = style.verdict('warn', SIGNS.warn);
    return sentencesOf(result).flatMap(sentence =>
      wrapped(`${result.operation}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`, measure - 2).map(
        (line, at) => (at === 0 ? `${sign} ${line}` : `  ${line}`),
      ),
    );
  });
  const idle = results.filter(result => isKeyless(result) || isVersionless(result, results)).length;
  const rest = idle === 0 ? [] : wrapped(settledText(idle), measure - 2).map(line => `  ${style.faint(line)}`);
  return [...sentences, ...rest].join('\n');
}

function settledText(idle: number): string {
  return `${plural(idle, 'case')} that would hold keys and versions to account ${idle === 1 ? 'has' : 'have'} nothing to do (-v lists them).`;
}

function isKeyless({ verdict, message }: ReportResult): boolean {
  return verdict === 'not-applicable' && /takes no idempotency key/i.test(message);
}

function isVersionless({ verdict, reason, resource }: ReportResult, results: readonly ReportResult[]): boolean {
  const isOpen = verdict === 'inconclusive' && reason === 'no-version';
  const isShown = (one: ReportResult) =>
    one.resource === resource && one.findings.some(({ code }) => code === 'edits-lost');
  return isOpen && results.some(isShown);
}
