// What is published, tried as a user gets it: packed, installed in an empty folder, and there each of its ways in.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const DOCUMENT = join(ROOT, 'fixtures/openapi/orders.yaml');

/** A program of the modules that the package exports, and a file of its types: all declarations are there, and hold together. */
const PROGRAM = `import { check, SpecError, UsageError } from 'idem-check';
console.log([typeof check, SpecError.name, UsageError.name].join(' '));`;
const TYPED = `import { check, type Report } from 'idem-check';
export const report: Promise<Report> = check(...([] as unknown as Parameters<typeof check>));`;

const COMMANDS = [
  [['--version'], version],
  [['list'], 'key-replay-no-duplicate'],
  [['explain', 'delete-repeat'], 'RFC 9110 section 9.3.5'],
  [['plan', DOCUMENT], 'nothing was sent'],
  [['demo', '--no-color'], '0 false alarms on the correct side'],
];

const folder = mkdtempSync(join(tmpdir(), 'idem-check-packed-'));

/** What a program prints, run in the folder; throws when it ends with anything but 0. Windows starts npm's own by a shell alone. */
function printed(program, argv, cwd = folder) {
  const shell = process.platform === 'win32' && program.startsWith('np');
  return execFileSync(program, argv, { cwd, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function expectIn(what, text, expected) {
  if (!text.includes(expected)) throw new Error(`${what} printed no "${expected}" but:\n${text}`);
  console.log(`ok  ${what}`);
}

try {
  printed('npm', ['pack', '--silent', '--pack-destination', folder], ROOT);
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  printed('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`]);
  for (const [argv, expected] of COMMANDS) {
    expectIn(`idem-check ${argv.join(' ')}`, printed('npx', ['--no', '--', 'idem-check', ...argv]), expected);
  }
  writeFileSync(join(folder, 'program.js'), PROGRAM);
  expectIn('import', printed(process.execPath, ['program.js']), 'function SpecError UsageError');
  writeFileSync(join(folder, 'typed.ts'), TYPED);
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2023'];
  printed(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...strict, 'typed.ts']);
  console.log('ok  types');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
