import { spawn, type ChildProcess } from 'node:child_process';
import { kill, platform } from 'node:process';
import type { RunCommand } from '../core/transport.js';

/** More output than this is no answer to anything a spec asks. */
const MOST_OUTPUT = 64 * 1024;

/**
 * Runs commands of the user's through the shell, when they are allowed: without input, with a time limit and bounded
 * output. One that takes too long or says too much is ended with everything it started.
 */
export function createRunCommand({
  allowed,
  timeoutMs,
  signal,
}: {
  readonly allowed: boolean;
  readonly timeoutMs: number;
  /** Ends what runs when the run is given up. */
  readonly signal?: AbortSignal;
}): RunCommand {
  return async command => {
    if (!allowed) return { stdout: '', trouble: 'commands run only with --allow-commands' };
    if (signal?.aborted === true) return { stdout: '', trouble: 'the run was given up' };
    return run(command, timeoutMs, signal);
  };
}

function run(command: string, timeoutMs: number, signal: AbortSignal | undefined): ReturnType<RunCommand> {
  return new Promise(resolve => {
    const child = spawn(command, { shell: true, detached: platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'] });
    let ending: string | null = null;
    const end = (why: string) => {
      ending ??= why;
      endGroup(child);
    };
    const stdout = collect(child.stdout, () => end(`the command printed more than ${MOST_OUTPUT} bytes`));
    const stderr = collect(child.stderr, () => {});
    const onAbort = () => end('the run was given up');
    const timer = setTimeout(() => end(`the command took longer than ${timeoutMs / 1000} s`), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    const done = (trouble: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve({ stdout: stdout(), trouble: ending ?? trouble });
    };
    child.on('error', error => done(error.message));
    child.on('close', (code, killedBy) => done(code === 0 ? null : failure(code, killedBy, stderr())));
  });
}

/** Gathers a stream's first bytes; the text is made at the end, so that no character is cut between chunks. */
function collect(stream: NodeJS.ReadableStream, tooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream.on('data', (chunk: Buffer) => {
    const piece = chunk.subarray(0, MOST_OUTPUT - kept);
    chunks.push(piece);
    kept += piece.length;
    if (piece.length < chunk.length) tooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function failure(code: number | null, killedBy: string | null, stderr: string): string {
  const said = stderr.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
  return `the command ended with ${code ?? killedBy ?? 'nothing'}${said === '' ? '' : `: ${said}`}`;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' }).on('error', () => {});
    return;
  }
  try {
    kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
