import type { Report } from '../core/report.js';
import type { ReportContext } from '../report/build.js';
import { writtenContract } from '../report/contract/written.js';
import { loadRecorded } from '../spec/load.js';
import { resembling } from '../spec/profiles/resembling.js';
import { EXIT } from './exit.js';
import { writeWhole } from './write-whole.js';

/** What the observed contract is told with; reads the file of `--contract`. Throws SpecError with every mistake in it. */
export async function contractOf(file: string | null): Promise<NonNullable<ReportContext['contract']>> {
  return { resembling, recorded: file === null ? null : await loadRecorded(file) };
}

/**
 * Writes the file of `--contract-out` and says so, or why it was left alone: half of what a run would have seen must
 * not take the place of the whole.
 */
export async function recordContract(file: string, report: Report): Promise<string> {
  if (report.exitCode === EXIT.interrupted) return `${file} was left alone: the run was interrupted`;
  const text = writtenContract(report);
  if (text === null) return `${file} was left alone: nothing was seen of the contract`;
  await writeWhole(file, text);
  return `wrote ${file}`;
}
