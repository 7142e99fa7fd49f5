import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createRunCommand } from '../../src/transport/command.js';
import { until } from './servers.js';

const run = createRunCommand({ allowed: true, timeoutMs: 10_000 });
const folder = mkdtempSync(join(tmpdir(), 'command-'));
const file = join(folder, 'pid');

afterEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}

/** A command that starts another one behind the shell's back, and names it in a file. */
const lingering = `sleep 60 & echo $! > ${file}; wait`;

test('a command runs through the shell and its output comes back', async () => {
  expect(await run('echo "$((6 * 7))" | tr 4 5')).toEqual({ stdout: '52\n', trouble: null });
});

test('a command gets no input to wait for', async () => {
  expect(await run('cat')).toEqual({ stdout: '', trouble: null });
});

test('a command that is not allowed does not run', async () => {
  const refusing = createRunCommand({ allowed: false, timeoutMs: 1000 });
  expect(await refusing(`echo ran > ${file}`)).toEqual({
    stdout: '',
    trouble: 'commands run only with --allow-commands',
  });
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['echo half; exit 4', 'half\n', 'the command ended with 4'],
  ['echo why >&2; echo more >&2; exit 1', '', 'the command ended with 1: why'],
  ['kill -TERM $$', '', 'the command ended with SIGTERM'],
])('how it failed is told: %s', async (command, stdout, trouble) => {
  expect(await run(command)).toEqual({ stdout, trouble });
});

test('an unknown command is trouble', async () => {
  expect((await run('no-such-command-here')).trouble).toMatch(/ended with 127: .*not found/);
});

test('characters are whole, however the output is cut', async () => {
  const { stdout } = await run(`printf '\\303'; sleep 0.05; printf '\\251'`);
  expect(stdout).toBe('\u00e9');
});

test('one that takes too long is ended with all it started', async () => {
  const hurried = createRunCommand({ allowed: true, timeoutMs: 300 });
  expect((await hurried(lingering)).trouble).toBe('the command took longer than 0.3 s');
  const pid = Number(readFileSync(file, 'utf8'));
  await until(() => !isAlive(pid));
});

test('one that says too much is ended', async () => {
  const { stdout, trouble } = await run('yes');
  expect(trouble).toMatch(/printed more than \d+ bytes/);
  expect(stdout).toHaveLength(64 * 1024);
});

test('one that says too much on the side is not', async () => {
  expect(await run('head -c 200000 /dev/zero >&2; echo done')).toEqual({ stdout: 'done\n', trouble: null });
});

test('giving the run up ends it, and the next does not start', async () => {
  const giving = new AbortController();
  const giveable = createRunCommand({ allowed: true, timeoutMs: 10_000, signal: giving.signal });
  const running = giveable(lingering);
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  const pid = Number(readFileSync(file, 'utf8'));
  giving.abort();
  expect((await running).trouble).toBe('the run was given up');
  await until(() => !isAlive(pid));
  expect((await giveable('echo a')).trouble).toBe('the run was given up');
});
