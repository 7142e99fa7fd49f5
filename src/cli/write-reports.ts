import { join } from 'node:path';
import type { Report } from '../core/report.js';
import type { Gate } from '../report/gate.js';
import { renderJson } from '../report/json.js';
import type { RunFlags } from './options.js';
import { writeWhole } from './write-whole.js';

/** Writes the reports asked for; the names of the files come back. */
export async function writeReports(
  report: Report,
  formats: readonly ('json' | 'junit')[],
  { flags, gate }: { readonly flags: RunFlags; readonly gate: Gate },
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const format of formats) {
    const file = fileOf(format, flags);
    await writeWhole(file, await render(format, report, gate));
    written.push(file);
  }
  return written;
}

async function render(format: 'json' | 'junit', report: Report, gate: Gate): Promise<string> {
  if (format === 'json') return renderJson(report);
  const { renderJunit } = await import('../report/junit.js');
  return renderJunit(report, gate);
}

function fileOf(format: 'json' | 'junit', { reportDir, reportJsonPath, reportJunitPath }: RunFlags): string {
  return format === 'json'
    ? (reportJsonPath ?? join(reportDir, 'report.json'))
    : (reportJunitPath ?? join(reportDir, 'junit.xml'));
}
