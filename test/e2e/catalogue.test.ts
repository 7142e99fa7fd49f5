import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import { flaws } from '../../src/reference/flaws/index.js';
import { renderCheckPage } from '../../src/report/check-page.js';

const root = new URL('../../', import.meta.url);

test('registry, files and pages name the same checks', () => {
  const groups = readdirSync(new URL('src/checks/', root), { withFileTypes: true }).filter(
    entry => entry.isDirectory() && entry.name !== 'lib',
  );
  const files = groups.flatMap(({ name }) =>
    readdirSync(new URL(`src/checks/${name}/`, root)).map(file => `${name}/${file}`),
  );
  expect(checks.map(({ id, group }) => `${group}/${id}.ts`).toSorted()).toEqual(files.toSorted());
  expect(checks.map(({ id }) => `${id}.md`).toSorted()).toEqual(readdirSync(new URL('docs/checks/', root)).toSorted());
});

test.each(checks.map(check => [check.id, check] as const))('the page of %s says what the check says', (id, check) => {
  expect(readFileSync(new URL(`docs/checks/${id}.md`, root), 'utf8')).toBe(renderCheckPage(check));
});

test('what a check costs is as the page says', () => {
  const script = fileURLToPath(new URL('scripts/requests-page.mjs', root));
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

// Those of the documentation have theirs in documents: `document-flaws.test.ts`.
const sending = checks.filter(({ group }) => group !== 'docs');

test('what only reads the document is called so', () => {
  expect(checks.map(({ id }) => [id, id.startsWith('doc-')])).toEqual(
    checks.map(({ id, group }) => [id, group === 'docs']),
  );
});

test.each(sending.map(check => [check.id, check] as const))('%s has a flaw for each of its findings', (id, check) => {
  const exposed = flaws.filter(({ exposes }) => exposes.check === id).map(({ exposes }) => exposes.code);
  expect(Object.keys(check.messages).filter(code => !exposed.includes(code))).toEqual([]);
});
