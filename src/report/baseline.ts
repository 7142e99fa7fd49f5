import { UsageError } from '../core/errors.js';
import type { ReportResult } from '../core/report.js';
import type { VerdictName } from '../core/verdict.js';

/** Results that were known when the baseline was written: id to verdict. They do not count in the gate. */
export type KnownResults = ReadonlyMap<string, 'fail' | 'warn'>;

/** Why a result of the baseline does not count. */
export const KNOWN = 'known: it is in the baseline';

interface Judged {
  readonly id: string;
  readonly verdict: VerdictName;
}

/** Whether a result is known, and has not become worse since. */
export function isKnown(known: KnownResults, { id, verdict }: Judged): boolean {
  const then = known.get(id);
  return then !== undefined && (verdict === 'warn' || (verdict === 'fail' && then === 'fail'));
}

/** The baseline of a run: its findings, known from now on. */
export function knownOf(results: readonly Judged[]): KnownResults {
  return new Map(
    results.flatMap(({ id, verdict }) => (verdict === 'fail' || verdict === 'warn' ? [[id, verdict] as const] : [])),
  );
}

/** The baseline a report was made with, as far as it counted: its results that were known. */
export function knownIn(results: readonly Pick<ReportResult, 'id' | 'verdict' | 'waived'>[]): KnownResults {
  return knownOf(results.filter(({ waived }) => waived?.reason === KNOWN));
}

/** A baseline as the text of its file: sorted, so that two of them compare line by line. */
export function serialiseBaseline(known: KnownResults): string {
  const sorted = [...known].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, verdict]) => ({ id, verdict }));
  return `${JSON.stringify({ version: 1, known: sorted }, null, 2)}\n`;
}

/** Reads a baseline. Throws UsageError when the text is none; `file` is named in the message. */
export function parseBaseline(text: string, file: string): KnownResults {
  const document = parsed(text, file);
  if (!isRecord(document)) throw mistake(file, 'expected an object with "version" and "known"');
  const stranger = Object.keys(document).find(key => key !== 'version' && key !== 'known');
  if (stranger !== undefined) throw mistake(file, `unknown key "${stranger}"`);
  if (document['version'] !== 1) throw mistake(file, 'expected "version": 1');
  if (!Array.isArray(document['known'])) throw mistake(file, 'expected "known" to be a list');
  const entries: readonly unknown[] = document['known'];
  const known = new Map<string, 'fail' | 'warn'>();
  for (const [index, entry] of entries.entries()) {
    const { id, verdict } = entryOf(entry, `known[${index}]`, file);
    if (known.has(id)) throw mistake(file, `known[${index}]: "${id}" stands there twice`);
    known.set(id, verdict);
  }
  return known;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw mistake(file, 'not JSON');
  }
}

function entryOf(
  entry: unknown,
  path: string,
  file: string,
): { readonly id: string; readonly verdict: 'fail' | 'warn' } {
  if (!isRecord(entry)) throw mistake(file, `${path}: expected an object with "id" and "verdict"`);
  const { id, verdict } = entry;
  if (typeof id !== 'string' || !id.includes('#')) throw mistake(file, `${path}.id: expected "METHOD /path#check"`);
  if (verdict !== 'fail' && verdict !== 'warn') throw mistake(file, `${path}.verdict: expected "fail" or "warn"`);
  return { id, verdict };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mistake(file: string, text: string): UsageError {
  return new UsageError(`${file}: ${text} (a baseline is written with --baseline-update)`);
}
