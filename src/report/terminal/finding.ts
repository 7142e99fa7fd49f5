import type { ReportExchange, ReportResult } from '../../core/report.js';
import { curlSequence, type CommandWords } from '../curl.js';
import { sentencesOf } from '../sentence.js';
import { roundsTable } from './rounds.js';
import { SIGNS, type Style } from './style.js';
import { clipped, columns, wrapped } from './wrap.js';

const LABEL = 11;
const LONGEST = 600;

/** How a finding is laid out. */
export interface Layout {
  readonly style: Style;
  /** Columns of the terminal; commands use them all. */
  readonly width: number;
  /** Columns that prose uses at most. */
  readonly measure: number;
  readonly verbose: boolean;
}

/** A finding with all a person needs: expected, seen, why, what to do, and the commands that show it. */
export function findingBlock(result: ReportResult, exchanges: readonly ReportExchange[], layout: Layout): string {
  const { style, width, measure, verbose } = layout;
  const tableIndent = width < 80 ? 4 : LABEL + 2;
  const rows: readonly (readonly [string, string])[] = [
    ['expected', result.expected],
    ['seen', result.observed],
    ['why', result.why],
    ['fix', result.fix],
    ...(result.race === null ? [] : [['race', raceText(result.race)] as const]),
    ...result.notes.map(note => ['note', note] as const),
  ];
  return [
    ...headLines(result, layout),
    ...sentenceLines(result, layout),
    '',
    ...rows.flatMap(([name, text]) => labelled(name, text, style, measure)),
    ...indented(roundsTable(result, exchanges, style, width - tableIndent), tableIndent),
    ...commandLines(curlSequence(result, exchanges), style, width),
    ...(verbose ? labelled('docs', result.docs, style, measure) : []),
  ].join('\n');
}

/** `✗ POST /orders  key-replay-no-duplicate  critical, should`; on a line of its own what does not fit. */
export function headLines(result: ReportResult, { style, measure }: Layout): readonly string[] {
  const sign = style.verdict(result.verdict, SIGNS[result.verdict]);
  const [operation, check] = [result.operation, nameOf(result)];
  const aside = `${result.severity}, ${result.basis}`;
  const used = columns(operation) + columns(check) + 4;
  const head = `${sign} ${style.strong(operation)}  ${style.verdict(result.verdict, check)}`;
  if (used + 2 + aside.length > measure) return [head, `  ${style.faint(aside)}`];
  return [`${head}${' '.repeat(measure - used - aside.length)}${style.faint(aside)}`];
}

/** What was found, each sentence on lines of its own. */
export function sentenceLines(result: ReportResult, { measure }: Layout): readonly string[] {
  return sentencesOf(result)
    .flatMap(sentence => wrapped(clipped(sentence, LONGEST), measure - 2))
    .map(line => `  ${line}`);
}

/** The check, and its variant where it is one. */
export function nameOf({ check, variant }: { readonly check: string; readonly variant: string | null }): string {
  return variant === null ? check : `${check}:${variant}`;
}

/** What a race was worth, in one phrase. */
export function raceText(race: NonNullable<ReportResult['race']>): string {
  const ways = race.ways.map(({ sync, rounds, overlapping, hits }) => {
    const hit = hits === 0 ? '' : `, ${hits} of them hit`;
    return `${rounds} ${rounds === 1 ? 'round' : 'rounds'} by ${sync}, ${overlapping} overlapping${hit}`;
  });
  const width = race.widths.length > 1 ? `${race.widths[0]} to ${race.widths.at(-1)}` : String(race.widths[0] ?? 0);
  const spread = race.spreadUs === null ? '' : `, released within ${Math.round(race.spreadUs.max)} us`;
  return `${ways.join('; ')}, ${width} requests each${spread}`;
}

/** `  expected  One effect ...`, wrapped beside its label; nothing when there is nothing to say. */
export function labelled(name: string, text: string, style: Style, measure: number): readonly string[] {
  if (text === '') return [];
  return wrapped(clipped(text, LONGEST), measure - LABEL - 2).map(
    (line, at) => `  ${labelOf(at === 0 ? name : '', style)}${line}`,
  );
}

function indented(lines: readonly string[], indent: number): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines.map(line => ' '.repeat(indent) + line), ''];
}

/** Commands beside the label `shown by`; a long one goes on behind a backslash, so that it can still be pasted. */
function commandLines(commands: readonly CommandWords[], style: Style, width: number): readonly string[] {
  const lines = commands.flatMap(words => broken(words, width - LABEL - 2));
  return lines.map((line, at) => `  ${labelOf(at === 0 ? 'shown by' : '', style)}${line}`);
}

function broken(words: CommandWords, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && columns(line) + columns(word) + 3 > room && !/^[&#]/.test(word)) {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function labelOf(name: string, style: Style): string {
  return name === '' ? ' '.repeat(LABEL) : style.faint(name.padEnd(LABEL));
}
