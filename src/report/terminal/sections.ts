import type { Report, ReportResult } from '../../core/report.js';
import { groupBy } from '../group-by.js';
import { plural } from '../sentence.js';
import { headLines, labelled, nameOf, raceText, sentenceLines, type Layout } from './finding.js';
import { SIGNS } from './style.js';
import { clipped, columns, padded, wrapped } from './wrap.js';

const MOST_LEFTOVERS = 20;

/** A warning: what was seen and what to do, without the commands. */
export function warningBlock(result: ReportResult, layout: Layout): string {
  const { style, measure } = layout;
  return [
    ...headLines(result, layout),
    ...sentenceLines(result, layout),
    ...labelled('seen', result.observed, style, measure),
    ...labelled('fix', result.fix, style, measure),
  ].join('\n');
}

/** Results that share a sentence, under it once: the inconclusive by their reason, and with -v what does not apply. */
export function groupedBlock(title: string, results: readonly ReportResult[], layout: Layout): string {
  if (results.length === 0) return '';
  const { style, measure } = layout;
  const groups = [...groupBy(results, ({ message }) => message)].flatMap(([message, group]) => [
    ...signed(group[0], message, layout),
    ...[...groupBy(group, ({ operation }) => operation)].flatMap(([operation, own]) =>
      wrapped(`${operation}: ${own.map(nameOf).join(', ')}`, measure - 6).map(
        (line, at) => `    ${at === 0 ? '' : '  '}${style.faint(line)}`,
      ),
    ),
  ]);
  return [style.strong(title), ...groups].join('\n');
}

/** Passes with what was really exercised, by operation. */
export function passesBlock(results: readonly ReportResult[], layout: Layout): string {
  if (results.length === 0) return '';
  const { style, measure } = layout;
  const lines = [...groupBy(results, ({ operation }) => operation)].flatMap(([operation, own]) => [
    `  ${operation}`,
    ...own.flatMap(result => [
      `    ${style.verdict('pass', SIGNS.pass)} ${nameOf(result)}`,
      ...[result.message, ...result.notes].flatMap(text =>
        wrapped(clipped(text, 600), measure - 6).map(line => `      ${style.faint(line)}`),
      ),
    ]),
  ]);
  return [style.strong('Held'), ...lines].join('\n');
}

/** How hard each race looked; the failed ones show their rounds with the finding. */
export function racesBlock(results: readonly ReportResult[], layout: Layout): string {
  const { style, measure } = layout;
  const lines = results.flatMap(result => {
    if (result.race === null || result.verdict === 'fail') return [];
    const sign = style.verdict(result.verdict, SIGNS[result.verdict]);
    const power = wrapped(raceText(result.race), measure - 6).map(line => `      ${style.faint(line)}`);
    return [`  ${sign} ${result.operation}  ${nameOf(result)}`, ...power];
  });
  return lines.length === 0 ? '' : [style.strong('Races'), ...lines].join('\n');
}

export function waivedBlock(results: readonly ReportResult[], layout: Layout): string {
  const lines = results.flatMap(result => {
    if (result.waived === null) return [];
    const until = result.waived.until === null ? '' : ` (until ${result.waived.until})`;
    return signed(result, `${result.operation} ${nameOf(result)}: ${result.waived.reason}${until}`, layout);
  });
  return lines.length === 0 ? '' : [layout.style.strong('Waived'), ...lines].join('\n');
}

/** The six lines, each with the checks that decided it where it is not clean. */
export function checklistBlock(report: Report, { style, measure }: Layout): string {
  const room = Math.max(...report.checklist.map(({ item }) => columns(item)), 0);
  const isNarrow = measure - room < 36;
  const indent = isNarrow ? 6 : room + 6;
  const lines = report.checklist.flatMap(line => {
    const sign = style.verdict(line.verdict, SIGNS[line.verdict]);
    const text = asideOf(line, report.results);
    const aside = text === '' ? [] : wrapped(text, measure - indent).map(style.faint);
    const [first = '', ...rest] = isNarrow ? ['', ...aside] : aside;
    const head = `  ${sign} ${first === '' ? line.item : `${padded(line.item, room)}  ${first}`}`;
    return [head, ...rest.map(one => ' '.repeat(indent) + one)];
  });
  return lines.length === 0 ? '' : [style.strong('Checklist'), ...lines].join('\n');
}

function asideOf({ verdict, checks }: Report['checklist'][number], results: readonly ReportResult[]): string {
  switch (verdict) {
    case 'pass':
      return '';
    case 'not-applicable':
      return 'does not apply';
    case 'not-checked':
      return 'not checked';
    case 'fail':
    case 'warn':
    case 'inconclusive': {
      const isOne = (result: ReportResult) =>
        result.verdict === verdict || (verdict === 'warn' && result.verdict === 'fail' && result.waived !== null);
      return checks.filter(check => results.some(result => result.check === check && isOne(result))).join(', ');
    }
  }
}

export function leftoversBlock({ leftovers }: Report, { style, measure }: Layout): string {
  if (leftovers.length === 0) return '';
  const shown = leftovers.slice(0, MOST_LEFTOVERS);
  const room = Math.min(24, Math.max(...shown.map(({ resource }) => columns(resource))));
  const lines = shown.map(
    ({ resource, id, url }) =>
      `  ${padded(clipped(resource, room), room)}  ${url === '' ? clipped(id, measure - room - 4) : url}`,
  );
  const rest = leftovers.length - shown.length;
  const title = `Left behind: ${plural(leftovers.length, 'record')} that could not be deleted`;
  return [
    style.strong(title),
    ...lines,
    ...(rest === 0 ? [] : [style.faint(`  and ${rest} more, in the JSON report`)]),
  ].join('\n');
}

/** The last line of every run; on a narrow terminal without what matters least. */
export function summaryLine({ summary, durationMs, exitCode }: Report, { style, width }: Layout): string {
  const { fail, warn, inconclusive, pass, notApplicable, waived, requests } = summary;
  const parts: readonly Part[] = [
    { text: fail === 0 ? '' : `${fail} failed`, paint: text => style.verdict('fail', style.strong(text)), rank: 0 },
    { text: warn === 0 ? '' : plural(warn, 'warning'), paint: text => style.verdict('warn', text), rank: 0 },
    {
      text: inconclusive === 0 ? '' : `${inconclusive} undecided`,
      paint: text => style.verdict('inconclusive', text),
      rank: 0,
    },
    {
      text: pass === 0 ? 'nothing passed' : `${pass} passed`,
      paint: text => (pass === 0 ? text : style.verdict('pass', text)),
      rank: 0,
    },
    { text: waived === 0 ? '' : `${waived} waived`, paint: style.faint, rank: 1 },
    { text: notApplicable === 0 ? '' : `${notApplicable} not applicable`, paint: style.faint, rank: 3 },
    { text: `${plural(requests, 'request')} in ${secondsText(durationMs)}`, paint: style.faint, rank: 2 },
    { text: `exit ${exitCode}`, paint: style.faint, rank: 0 },
  ];
  const there = parts.filter(({ text }) => text !== '');
  const most = [3, 2, 1].find(rank => lengthOf(there.filter(part => part.rank <= rank)) <= width) ?? 0;
  return there
    .filter(({ rank }) => rank <= most)
    .map(({ text, paint }) => paint(text))
    .join(', ');
}

interface Part {
  readonly text: string;
  readonly paint: (text: string) => string;
  /** The higher, the sooner it is left out. */
  readonly rank: number;
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + text.length + 2, -2);
}

function signed(result: ReportResult | undefined, text: string, { style, measure }: Layout): readonly string[] {
  const verdict = result?.verdict ?? 'inconclusive';
  return wrapped(clipped(text, 600), measure - 4).map((line, at) =>
    at === 0 ? `  ${style.verdict(verdict, SIGNS[verdict])} ${line}` : `    ${line}`,
  );
}

function secondsText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
