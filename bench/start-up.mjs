// Start-up of `idem-check --version` and `--help` against `node -e 0`, taken in turns. RUNS (20).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromEnvironment, median } from './support.mjs';

const bin = fileURLToPath(new URL('../bin/idem-check.js', import.meta.url));
const commands = { 'node -e 0': ['-e', '0'], '--version': [bin, '--version'], '--help': [bin, '--help'] };
const times = Object.fromEntries(Object.keys(commands).map(name => [name, []]));
for (let at = -1; at < fromEnvironment('RUNS', 20); at++) {
  for (const [name, argv] of Object.entries(commands)) {
    const started = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, argv, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    // The first turn fills the file cache.
    if (at >= 0) times[name].push(Number(process.hrtime.bigint() - started) / 1e6);
  }
}
const bare = median(times['node -e 0']);
for (const [name, taken] of Object.entries(times)) {
  console.log(`${name.padEnd(10)} ${median(taken).toFixed(0)} ms  ${(median(taken) / bare).toFixed(2)} x bare node`);
}
