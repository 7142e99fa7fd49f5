import type { ColorSupportLevel } from 'chalk';
import type { CheckMeta } from '../core/check.js';
import type { Severity } from '../core/verdict.js';
import { docsOf } from './docs-link.js';
import { groupBy } from './group-by.js';
import { asSentence } from './sentence.js';
import { createStyle, type Style } from './terminal/style.js';
import { columns, wrapped } from './terminal/wrap.js';

/** How the catalogue is printed; by default without colours, 100 columns wide. */
export interface PrintOptions {
  readonly colour?: ColorSupportLevel;
  readonly width?: number;
}

const LABEL = 10;

/** The catalogue as `idem-check list` prints it: by group, each check with its severity and its claim. */
export function renderList(checks: readonly CheckMeta[], { colour = 0, width = 100 }: PrintOptions = {}): string {
  const style = createStyle(colour);
  const room = Math.max(0, ...checks.map(({ id }) => id.length));
  return [...groupBy(checks, ({ group }) => group)]
    .map(([group, own]) =>
      [style.strong(group), ...own.flatMap(check => listLines(check, room, width, style))].join('\n'),
    )
    .join('\n\n');
}

function listLines({ id, severity, title }: CheckMeta, room: number, width: number, style: Style): readonly string[] {
  const head = `  ${id.padEnd(room)}  ${severityText(severity, style)}`;
  const indent = room + 14;
  if (width - indent < 24) return [head, ...wrapped(title, width - 6).map(line => `      ${line}`)];
  return wrapped(title, width - indent).map((line, at) => (at === 0 ? `${head}  ${line}` : ' '.repeat(indent) + line));
}

function severityText(severity: Severity, style: Style): string {
  const text = severity.padEnd(8);
  if (severity === 'critical' || severity === 'high')
    return style.verdict(severity === 'critical' ? 'fail' : 'warn', text);
  return style.faint(text);
}

/** One check as `idem-check explain` prints it. */
export function renderExplain(check: CheckMeta, { colour = 0, width = 100 }: PrintOptions = {}): string {
  const style = createStyle(colour);
  const measure = Math.max(40, Math.min(width, 100));
  const part = (name: string, text: string) => beside(name, [text], style, measure);
  return [
    ...headLines(check, style, measure),
    ...wrapped(asSentence(check.title), measure),
    '',
    ...part('sends', check.sends),
    ...part('judges', check.judges),
    ...part('expects', check.expected),
    ...part('why', check.why),
    ...part('fix', check.fix),
    ...beside('guards', check.guards, style, measure),
    ...beside('sources', check.refs, style, measure),
    ...variantLines(check, style, measure),
    ...part('page', docsOf(check.id)),
    ...codeLines('Findings', check.messages, style, measure),
    ...codeLines('Notes', check.notes, style, measure),
  ].join('\n');
}

function headLines({ id, group, severity, basis }: CheckMeta, style: Style, measure: number): readonly string[] {
  const aside = `${group} · ${severity} · ${basis}`;
  if (columns(id) + columns(aside) + 2 > measure) return [style.strong(id), style.faint(aside)];
  return [`${style.strong(id)}  ${style.faint(aside)}`];
}

function variantLines({ variants }: CheckMeta, style: Style, measure: number): readonly string[] {
  const names = variants.filter(variant => variant !== null);
  return names.length === 0 ? [] : beside('variants', [names.join(', ')], style, measure);
}

function beside(name: string, texts: readonly string[], style: Style, measure: number): readonly string[] {
  const lines = texts.flatMap(text =>
    wrapped(text, measure - LABEL - 2).map((line, at) =>
      texts.length > 1 ? `${at === 0 ? '- ' : '  '}${line}` : line,
    ),
  );
  return lines.map((line, at) => (at === 0 ? style.faint(name.padEnd(LABEL)) : ' '.repeat(LABEL)) + line);
}

function codeLines(
  title: string,
  sentences: Readonly<Record<string, string>>,
  style: Style,
  measure: number,
): readonly string[] {
  const rows = Object.entries(sentences);
  if (rows.length === 0) return [];
  const room = Math.max(...rows.map(([code]) => columns(code)));
  const lines = rows.flatMap(([code, text]) =>
    wrapped(text, Math.max(20, measure - room - 4)).map(
      (line, at) => `  ${(at === 0 ? code : '').padEnd(room)}  ${style.faint(line)}`,
    ),
  );
  return ['', style.strong(title), ...lines];
}
