import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checks } from '../../src/checks/registry.js';
import { flaws } from '../../src/reference/flaws/index.js';
import { renderCheckPage } from '../../src/report/check-page.js';

const root = new URL('../../', import.meta.url);

/** Folders of `src/checks` that hold no checks: what checks share, and the late retries of a later run. */
const NO_GROUPS: readonly string[] = ['lib', 'late'];

/** The files of a group are checks; a folder in it is named as a check, and holds what that check alone uses. */
test('registry, files and pages name the same checks', () => {
  const inside = (folder: string) => readdirSync(new URL(folder, root), { withFileTypes: true });
  const groups = inside('src/checks/').filter(entry => entry.isDirectory() && !NO_GROUPS.includes(entry.name));
  const entries = groups.flatMap(({ name: group }) =>
    inside(`src/checks/${group}/`).map(entry => ({ name: `${group}/${entry.name}`, isFolder: entry.isDirectory() })),
  );
  const files = entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
  expect(checks.map(({ id, group }) => `${group}/${id}.ts`).toSorted()).toEqual(files.toSorted());
  const ownedByNone = entries.filter(({ name, isFolder }) => isFolder && !files.includes(`${name}.ts`));
  expect(ownedByNone).toEqual([]);
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
