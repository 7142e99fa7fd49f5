import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../build/cli/program.js';
import { startReference } from '../build/reference/serve.js';
import { specText } from '../build/reference/spec-text.js';

/** A number from the environment, for a shorter or longer bench. */
export function fromEnvironment(name, usual) {
  const number = Number(process.env[name] ?? usual);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a whole number from 1 up`);
  return number;
}

/**
 * Starts one reference API and hands back `run(flags)`, which runs the command line on it in this process and gives its
 * report, and `close`.
 */
export async function bench({ flaw = null, choices = {}, windowMs } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-bench-'));
  const mount = { prefix: '', flaw, choices, ...(windowMs === undefined ? {} : { windowMs }) };
  const reference = await startReference({ mounts: [mount] });
  const spec = join(folder, 'spec.yaml');
  writeFileSync(spec, specText([{ prefix: '', suffix: '', flaw, choices }]));
  return {
    url: reference.url,
    spec,
    async run(flags) {
      const file = join(folder, 'report.json');
      const silent = { out: () => {}, err: () => {}, env: {}, cwd: folder, isTty: false, columns: 100, depth: 0 };
      const argv = ['run', spec, '--url', reference.url, '--report-json-path', file, '-q', ...flags];
      const { signal } = new AbortController();
      await runCli(argv, { ...silent, signal });
      return JSON.parse(readFileSync(file, 'utf8'));
    },
    async close() {
      await reference.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A line of progress on a terminal; nothing anywhere else. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
