import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { LintFinding } from '../../src/report/lint-view.js';
import { applied } from '../support/overlay.js';
import { cli } from '../support/run-cli.js';
import { MISSING_DOCUMENTS, vendorDocument, VENDOR_DOCUMENTS } from '../support/vendor-documents.js';

const FLAWED = [
  'key-undeclared',
  'expiry-unpublished',
  'key-errors-undeclared',
  'version-errors-undeclared',
  'repeat-undeclared',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idem-check-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function found(file: string): Promise<readonly LintFinding[]> {
  const { out } = await cli(['lint', file, '--json']);
  return (JSON.parse(out) as readonly LintFinding[]).filter(({ level }) => level !== 'note');
}

/** What is still found once the overlay that lint wrote is applied. */
async function afterOverlay(file: string): Promise<readonly LintFinding[]> {
  const overlay = join(folder, `${basename(file)}.overlay.yaml`);
  const { err } = await cli(['lint', file, '--overlay', overlay]);
  expect(err).toContain(`wrote ${overlay}`);
  const mended = join(folder, basename(file));
  const document: unknown = parse(readFileSync(file, 'utf8'));
  writeFileSync(mended, stringify(applied(document, readFileSync(overlay, 'utf8')), { aliasDuplicateObjects: false }));
  return found(mended);
}

test('one line a finding, with its place, and a sum', async () => {
  const { code, out } = await cli(['lint', 'fixtures/doc-flaws/key-undeclared.yaml', '--no-color']);
  expect(out).toBe(
    [
      'fixtures/doc-flaws/key-undeclared.yaml:9:5 warn doc-key-declared POST /orders: It creates and declares no idempotency key: a client cannot retry it safely.',
      '',
      '1 finding in 5 operations',
      '',
    ].join('\n'),
  );
  expect(code).toBe(0);
});

test.each([
  [['--fail-on', 'warn'], 1],
  [['--strict'], 1],
  [['--fail-on', 'warn', '--min-severity', 'high'], 0],
  [['--fail-on', 'warn', '--exclude-checks', 'doc-key-declared'], 0],
] as const)('%j ends with %i', async (flags, expected) => {
  const { code } = await cli(['lint', 'fixtures/doc-flaws/key-undeclared.yaml', ...flags]);
  expect(code).toBe(expected);
});

test('what is no document ends with 2 and says so', async () => {
  const native = await cli(['lint', 'fixtures/specs/nginx.yaml'], { API_URL: 'http://127.0.0.1' });
  expect(native).toMatchObject({ code: 2, err: expect.stringContaining('names no OpenAPI document') });
  const none = await cli(['lint', 'fixtures/no-such-file.yaml']);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('there is no such file') });
});

test.each(FLAWED)('the overlay for %s mends it', async name => {
  expect(await afterOverlay(`fixtures/doc-flaws/${name}.yaml`)).toEqual([]);
});

test('an overlay says what it cannot mend', async () => {
  const { err } = await cli(['lint', 'fixtures/doc-flaws/verb-in-path.yaml', '--overlay', join(folder, 'verb.yaml')]);
  expect(err).toContain('GET /orders/{id}/cancel: an overlay cannot make it a read');
});

describe.skipIf(MISSING_DOCUMENTS.length > 0)('documents of real vendors', () => {
  test.each(VENDOR_DOCUMENTS)('%s is clean once its overlay is applied', async name => {
    const left = await afterOverlay(vendorDocument(name) ?? name);
    expect(left.filter(({ check }) => check !== 'doc-safe-methods')).toEqual([]);
  });
});
