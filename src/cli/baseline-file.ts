import { readFile } from 'node:fs/promises';
import { UsageError } from '../core/errors.js';
import type { Report } from '../core/report.js';
import { knownOf, parseBaseline, serialiseBaseline, type KnownResults } from '../report/baseline.js';
import { writeWhole } from './write-whole.js';

/** Reads a baseline. Throws UsageError when there is none. */
export async function readBaseline(file: string): Promise<KnownResults> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`--baseline: "${file}" cannot be read; write it with --baseline-update`);
  });
  return parseBaseline(text, file);
}

/** Writes a baseline anew, and says so. */
export async function writeBaseline(file: string, report: Report): Promise<string> {
  await writeWhole(file, serialiseBaseline(knownOf(report.results)));
  return `wrote ${file}`;
}
