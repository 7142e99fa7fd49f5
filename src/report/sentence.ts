import type { CheckMeta } from '../core/check.js';
import { REASONS } from '../core/reasons.js';
import type { ReportFinding, ReportResult } from '../core/report.js';
import { SHARED_NOTES, type Args, type Finding, type Note } from '../core/verdict.js';

/** A message with its `{name}` places filled; a place no argument fills stays as it is written. */
export function fill(template: string, args: Args): string {
  return template.replaceAll(/\{([\w-]+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    return value === undefined ? place : String(value);
  });
}

/** The sentence of a finding, from the messages of its check. */
export function findingSentence(finding: Finding, check: CheckMeta | undefined): string {
  return fill(lookUp(check?.messages ?? {}, finding.code) ?? withArgs(finding.code, finding.args), finding.args);
}

/** The sentence of a note: the check's own, else one any check may attach. */
export function noteSentence(note: Note, check: CheckMeta | undefined): string {
  const template = lookUp(check?.notes ?? {}, note.code) ?? lookUp(SHARED_NOTES, note.code);
  return fill(template ?? withArgs(note.code, note.args), note.args);
}

/** What was found in a result, a sentence each, fails before warns; of a result without findings what it comes to. */
export function sentencesOf({ findings, message }: Pick<ReportResult, 'findings' | 'message'>): readonly string[] {
  return findings.length === 0 ? [message] : fromWorst(findings);
}

/** The sentences of findings, each once: fails before warns, otherwise in their order. */
export function fromWorst(findings: readonly ReportFinding[]): readonly string[] {
  const of = (wanted: Finding['level']) => findings.filter(({ level }) => level === wanted);
  return [...new Set([...of('fail'), ...of('warn')].map(({ message }) => message))];
}

/** Why a case stayed open, or does not apply: the sentence of the code, else the reason itself as a sentence. */
export function reasonSentence(reason: string, args: Args): string {
  return fill(lookUp(REASONS, reason) ?? asSentence(reason), args);
}

/** First letter upper case, a full stop at the end. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const end = /[.!?…]$/.test(trimmed) ? '' : '.';
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${end}`;
}

/** `1 round`, `2 rounds`. */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A code without a sentence, which a report of another version may hold. */
function withArgs(code: string, args: Args): string {
  const pairs = Object.entries(args).map(([name, value]) => `${name} ${value}`);
  return pairs.length === 0 ? `${code}.` : `${code} (${pairs.join(', ')}).`;
}
