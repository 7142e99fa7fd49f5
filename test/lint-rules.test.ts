import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'idem-check-lint-'));
cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the linter says of one file at a place in the tree. */
function lint(files: Readonly<Record<string, string>>): string {
  rmSync(join(folder, 'src'), { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`;
}

const importing = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;

test.each([
  ['core', 'src/core/a.ts', '../engine/run.js'],
  ['checks', 'src/checks/keys/a.ts', '../../transport/clock.js'],
  ['checks, node', 'src/checks/keys/a.ts', 'node:fs'],
  ['spec', 'src/spec/a.ts', '../report/build.js'],
  ['plan', 'src/plan/a.ts', '../engine/run.js'],
  ['oracle', 'src/oracle/a.ts', '../engine/run.js'],
  ['report', 'src/report/a.ts', '../spec/load.js'],
  ['engine', 'src/engine/a.ts', '../report/build.js'],
  ['engine, transport', 'src/engine/a.ts', '../transport/clock.js'],
  ['transport', 'src/transport/a.ts', '../engine/run.js'],
  ['reference', 'src/reference/a.ts', '../core/http.js'],
])('an arrow that must not be is refused: %s', (_name, file, from) => {
  expect(lint({ [file]: importing(from) })).toContain('no-restricted-imports');
});

test.each([
  ['src/checks/keys/a.ts', '../../core/http.js'],
  ['src/engine/a.ts', '../oracle/choose.js'],
  ['src/cli/a.ts', '../reference/app.js'],
])('an arrow that may be is not: %s', (file, from) => {
  expect(lint({ [file]: importing(from) })).not.toContain('no-restricted-imports');
});

test('a cycle is refused', () => {
  const cycle = {
    'src/spec/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
    'src/spec/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
  };
  expect(lint(cycle)).toContain('no-cycle');
});

test.each([
  ['any', 'export const a: any = 1;\n', 'no-explicit-any'],
  ['!', 'export const a = (b: string | null) => b!.length;\n', 'no-non-null-assertion'],
])('%s is refused', (_name, text, rule) => {
  expect(lint({ 'src/spec/a.ts': text })).toContain(rule);
});
