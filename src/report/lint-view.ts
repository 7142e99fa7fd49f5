import type { ColorSupportLevel } from 'chalk';
import type { CheckMeta } from '../core/check.js';
import type { Location } from '../core/errors.js';
import type { Result } from '../core/report.js';
import type { Severity } from '../core/verdict.js';
import { plainDeep } from './plain.js';
import { findingSentence, noteSentence, plural } from './sentence.js';
import { createStyle } from './terminal/style.js';

/** One thing found in a document. */
export interface LintFinding {
  readonly check: string;
  readonly code: string;
  readonly level: 'fail' | 'warn' | 'note';
  readonly severity: Severity;
  readonly operation: string;
  readonly message: string;
  readonly fix: string;
  readonly location: Location | null;
}

/** What was found, in the order of the file. */
export function lintFindings(results: readonly Result[], checks: readonly CheckMeta[]): readonly LintFinding[] {
  const byId = new Map(checks.map(check => [check.id, check]));
  return results
    .flatMap(({ check: id, operation, severity, location, findings, notes }): readonly LintFinding[] => {
      const check = byId.get(id);
      const common = { check: id, severity, operation, fix: check?.fix ?? '' };
      return [
        ...findings.map(finding => ({
          ...common,
          code: finding.code,
          level: finding.level,
          message: findingSentence(finding, check),
          location: finding.location ?? location,
        })),
        ...notes.map(note => ({
          ...common,
          code: note.code,
          level: 'note' as const,
          message: noteSentence(note, check),
          location,
        })),
      ];
    })
    .toSorted(byPlace);
}

function byPlace(a: LintFinding, b: LintFinding): number {
  const [left, right] = [a.location, b.location];
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return left.file.localeCompare(right.file) || left.line - right.line || left.column - right.column;
}

/** For scripts: the findings alone, in the order of the file. */
export function lintJson(findings: readonly LintFinding[]): string {
  return `${JSON.stringify(findings, null, 2)}\n`;
}

/** For people and for the log of a CI: one line each, `file:line:column level check: sentence`. */
export function renderLint(
  findings: readonly LintFinding[],
  {
    operations,
    verbose = false,
    colour = 0,
  }: { readonly operations: number; readonly verbose?: boolean; readonly colour?: ColorSupportLevel },
): string {
  const style = createStyle(colour);
  const shown = findings.filter(({ level }) => verbose || level !== 'note');
  const lines = plainDeep(shown).map(({ location, level, check, operation, message }) => {
    const place = location === null ? '' : `${location.file}:${location.line}:${location.column} `;
    const word = level === 'note' ? style.faint('note') : style.verdict(level, level);
    return `${place}${word} ${style.strong(check)} ${operation}: ${message}`;
  });
  const found = findings.filter(({ level }) => level !== 'note');
  const notes = findings.length - found.length;
  const rest = notes === 0 || verbose ? '' : `, ${plural(notes, 'note')} (-v tells them)`;
  const total = `${plural(found.length, 'finding')} in ${plural(operations, 'operation')}${rest}`;
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), total].join('\n')}\n`;
}
