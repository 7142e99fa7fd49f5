import { join } from 'node:path';
import type { Report } from '../core/report.js';
import { FORMATS, REPORTERS } from '../report/reporters.js';
import { renderTerminal } from '../report/terminal/terminal.js';
import { bugText } from './bug.js';
import { EXIT } from './exit.js';
import { pathOptionOf } from './flags/families.js';
import type { TellingOptions } from './flags/options.js';
import { colourOf, type Io } from './io.js';
import { gateOf } from './settings.js';
import { writeWhole } from './write-whole.js';

/** A file that a run leaves behind. `write` gives the line that is said of it; rejects when it cannot be written. */
export interface Delivery {
  readonly file: string;
  readonly write: () => Promise<string>;
}

/** The reports that are asked for, by their name or by their file. */
export function reportFiles(report: Report, options: TellingOptions): readonly Delivery[] {
  return FORMATS.flatMap(format => {
    const path = options[pathOptionOf(format)];
    if (path === null && !options.report.includes(format)) return [];
    const file = path ?? join(options.reportDir, REPORTERS[format].file);
    const write = async () => {
      const render = await REPORTERS[format].load();
      await writeWhole(file, render(report, gateOf(options)));
      return `wrote ${file}`;
    };
    return [{ file, write }];
  });
}

/**
 * Prints a report and writes its files, each by itself: one that fails costs none of the others, is told on stderr by its
 * name, and makes the exit code 2. Gives the exit code. Without results nothing is printed but what became of the files.
 */
export async function deliver(
  report: Report,
  files: readonly Delivery[],
  options: TellingOptions,
  io: Io,
): Promise<number> {
  const [described, troubles]: [string[], string[]] = [[], []];
  for (const { file, write } of files) {
    try {
      described.push(await write());
    } catch (error) {
      troubles.push(`${file}: ${reasonOf(error)}`);
    }
  }
  const exitCode = () => (troubles.length === 0 || report.exitCode === EXIT.interrupted ? report.exitCode : EXIT.usage);
  try {
    const settled = { ...report, exitCode: exitCode() };
    if (report.results.length > 0) io.out(renderTerminal(settled, terminalOptions(options, io)));
  } catch (error) {
    troubles.push(`the terminal: ${reasonOf(error)}`);
  }
  for (const line of [...described, ...troubles]) io.err(`${line}\n`);
  tellBugs(report, io);
  return exitCode();
}

/** Says on stderr what went wrong in the tool itself. */
export function tellBugs({ internalErrors = [] }: Report, io: Io): void {
  if (internalErrors.length > 0) io.err(bugText(internalErrors));
}

/** How a report is printed on this terminal. */
export function terminalOptions(
  { color, verbose, quiet }: { readonly color: boolean | null; readonly verbose: boolean; readonly quiet: boolean },
  io: Io,
): Parameters<typeof renderTerminal>[1] {
  return { colour: colourOf(color, io), width: Math.min(io.columns, 120), verbose, quiet };
}

const WRITING: Readonly<Record<string, string>> = {
  EACCES: 'may not be written',
  EPERM: 'may not be written',
  EROFS: 'may not be written',
  EISDIR: 'is a directory; name a file',
  EEXIST: 'its folder is a file',
  ENOTDIR: 'its folder is a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  ENAMETOOLONG: 'the name is too long for a file',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `could not be made: ${String(error)}`;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '') return `could not be made, by a bug of idem-check: ${error.stack ?? error.message}`;
  return WRITING[code] ?? `could not be written (${code})`;
}
