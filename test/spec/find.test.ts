import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findSpec } from '../../src/spec/find.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'idem-check-'));
  await mkdir(join(root, 'repo', '.git'), { recursive: true });
  await mkdir(join(root, 'repo', 'api', 'deep'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('it finds the nearest file upward', async () => {
  await writeFile(join(root, 'repo', 'idem-check.json'), '{}');
  expect(findSpec(join(root, 'repo', 'api', 'deep'))).toBe(join(root, 'repo', 'idem-check.json'));
  await writeFile(join(root, 'repo', 'api', 'idem-check.yml'), '');
  expect(findSpec(join(root, 'repo', 'api', 'deep'))).toBe(join(root, 'repo', 'api', 'idem-check.yml'));
  await writeFile(join(root, 'repo', 'api', 'idem-check.yaml'), '');
  expect(findSpec(join(root, 'repo', 'api', 'deep'))).toBe(join(root, 'repo', 'api', 'idem-check.yaml'));
});

test('it does not look above the root of the repository', async () => {
  await writeFile(join(root, 'idem-check.yaml'), '');
  expect(findSpec(join(root, 'repo', 'api'))).toBe(null);
});

test('a folder of that name is none', async () => {
  await mkdir(join(root, 'repo', 'api', 'idem-check.yaml'));
  expect(findSpec(join(root, 'repo', 'api'))).toBe(null);
});
