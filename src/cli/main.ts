import { createInterface } from 'node:readline/promises';
import { UsageError } from '../core/errors.js';
import { bugText } from './bug.js';
import type { Io } from './io.js';
import { version } from './version.js';

/** Ties the command line to the process: streams, signals, exit code. */
export async function main(): Promise<void> {
  const abort = new AbortController();
  process.on('SIGINT', () => {
    if (abort.signal.aborted) process.kill(process.pid, 'SIGKILL');
    process.stderr.write('\ninterrupted: cleaning up and writing the report (again to quit at once)\n');
    abort.abort();
  });
  process.on('SIGTERM', () => abort.abort());
  // A reader that goes away (`| head`) ends the output, not the clean-up.
  process.stdout.on('error', () => {});
  const io: Io = {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    isTty: process.stderr.isTTY === true && (process.env['CI'] ?? '') === '',
    columns: process.stdout.columns ?? 100,
    depth: process.stdout.isTTY === true ? depthOf(process.stdout.getColorDepth()) : 0,
    signal: abort.signal,
    ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { ask } : {}),
  };
  try {
    process.exitCode = await execute(process.argv.slice(2), io);
  } catch (error) {
    const isKnown = error instanceof UsageError;
    const text = error instanceof Error ? (isKnown ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(isKnown ? `${text}\n` : bugText([text]));
    process.exitCode = 2;
  }
}

/** The answer to `--version` costs no parser of command lines. */
async function execute(argv: readonly string[], io: Io): Promise<number> {
  const [only, ...rest] = argv;
  if (rest.length === 0 && (only === '--version' || only === '-V')) {
    io.out(`${version()}\n`);
    return 0;
  }
  return (await import('./program.js')).runCli(argv, io);
}

async function ask(question: string, usual: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} [${usual}]: `);
    return answer.trim() === '' ? usual : answer.trim();
  } finally {
    lines.close();
  }
}

function depthOf(bits: number): 0 | 1 | 2 | 3 {
  if (bits >= 24) return 3;
  if (bits >= 8) return 2;
  return bits >= 4 ? 1 : 0;
}
