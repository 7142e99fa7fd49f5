import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/cli/program.js';
import { UsageError } from '../../src/core/errors.js';
import type { Report } from '../../src/core/report.js';

/** The command line run in this process: its exit code and what it printed. */
export async function cli(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    env,
    cwd: tmpdir(),
    isTty: false,
    columns: 100,
    depth: 0 as const,
    signal,
  };
  try {
    return { code: await runCli(argv, io), out, err };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out, err: `${err}${error.message}\n` };
  }
}

/** A run of a spec against a URL, with its JSON report. */
export async function runReport(
  spec: string,
  url: string,
  flags: readonly string[] = [],
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly report: Report }> {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-'));
  const file = join(folder, 'report.json');
  try {
    const ended = await cli(['run', spec, '--url', url, '--report-json-path', file, ...flags], { API_URL: url });
    return { ...ended, report: JSON.parse(readFileSync(file, 'utf8')) as Report };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
