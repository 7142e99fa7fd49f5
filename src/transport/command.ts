import { spawn } from 'node:child_process';
import type { RunCommand } from '../core/transport.js';

/** More output than this is no answer to anything a spec asks. */
const MOST_OUTPUT = 64 * 1024;

/** Runs commands of the user's through the shell, when they are allowed; each with a time limit and bounded output. */
export function createRunCommand({
  allowed,
  timeoutMs,
}: {
  readonly allowed: boolean;
  readonly timeoutMs: number;
}): RunCommand {
  return command =>
    new Promise(resolve => {
      if (!allowed) {
        resolve({ stdout: '', trouble: 'commands of a spec run only with --allow-commands' });
        return;
      }
      const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      let stdout = '';
      let stderr = '';
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        if (child.pid !== undefined) endGroup(child.pid);
      }, timeoutMs);
      child.stdout.on('data', chunk => (stdout = (stdout + String(chunk)).slice(0, MOST_OUTPUT)));
      child.stderr.on('data', chunk => (stderr = (stderr + String(chunk)).slice(0, MOST_OUTPUT)));
      const end = (trouble: string | null) => {
        clearTimeout(timer);
        resolve({ stdout, trouble });
      };
      child.on('error', error => end(error.message));
      child.on('close', code => {
        if (isLate) end(`the command took longer than ${timeoutMs / 1000} s`);
        else end(code === 0 ? null : `the command ended with ${code ?? 'a signal'}: ${firstLine(stderr)}`);
      });
    });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
}
