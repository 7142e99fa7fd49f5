// Ends the process whose id stands in a file, at once, and starts another one: FILE, then what to run.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [file, ...argv] = process.argv.slice(2);
process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
const child = spawn(process.execPath, argv, { detached: true, stdio: 'ignore' });
writeFileSync(file, String(child.pid));
child.unref();
