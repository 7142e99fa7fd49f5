import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentFlaws } from '../../fixtures/doc-flaws/flaws.js';
import { checks } from '../../src/checks/registry.js';
import { flawNamed } from '../../src/reference/flaws/index.js';
import { startReference } from '../../src/reference/serve.js';
import type { LintFinding } from '../../src/report/lint-view.js';
import { cli, runReport } from '../support/run-cli.js';

const FOLDER = 'fixtures/doc-flaws';

async function lintOf(document: string): Promise<readonly LintFinding[]> {
  const { out } = await cli(['lint', `${FOLDER}/${document}`, '--json']);
  return (JSON.parse(out) as readonly LintFinding[]).filter(({ level }) => level !== 'note');
}

test('a sound document has no finding', async () => {
  expect(await lintOf('sound.yaml')).toEqual([]);
});

const written = documentFlaws.flatMap(flaw => ('document' in flaw ? [flaw] : []));
test.each(written.map(flaw => [flaw.code, flaw] as const))(
  '%s: by its document, at its line, and nothing else',
  async (_, flaw) => {
    const found = await lintOf(flaw.document);
    expect(
      found.map(({ check, code, operation, location }) => ({ check, code, operation, line: location?.line })),
    ).toEqual([{ check: flaw.check, code: flaw.code, operation: flaw.operation, line: flaw.line }]);
  },
);

const acted = documentFlaws.flatMap(flaw => ('reference' in flaw ? [flaw] : []));
test.each(acted.map(flaw => [flaw.code, flaw] as const))(
  '%s: by a run with nothing but the document',
  async (_, flaw) => {
    const known = flawNamed(flaw.reference) ?? null;
    expect(known).not.toBe(null);
    const running = await startReference({ mounts: [{ prefix: '', flaw: known, choices: {} }] });
    const folder = mkdtempSync(join(tmpdir(), 'idem-check-doc-'));
    try {
      const document = join(folder, 'openapi.json');
      writeFileSync(document, await (await fetch(`${running.url}/openapi.json`)).text());
      const wanted = [flaw.check, ...flaw.seenBy].join(',');
      const { report } = await runReport(document, running.url, [
        '--checks',
        wanted,
        '--include-path',
        flaw.operation.split(' ')[1] ?? '',
      ]);
      const result = report.results.find(one => one.check === flaw.check && one.findings.length > 0);
      expect(result?.operation).toBe(flaw.operation);
      expect(result?.findings.map(({ code }) => code)).toEqual([flaw.code]);
      expect(result?.findings[0]?.exchanges).not.toEqual([]);
      expect(result?.location?.file).toBe(document);
    } finally {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('every finding of the documentation checks is produced', () => {
  const codes = checks
    .filter(({ group }) => group === 'docs')
    .flatMap(({ id, messages }) => Object.keys(messages).map(code => `${id} ${code}`));
  expect(documentFlaws.map(({ check, code }) => `${check} ${code}`).toSorted()).toEqual(codes.toSorted());
});

test('no static result makes a run conclusive', async () => {
  const { code, report } = await runReport(`${FOLDER}/sound.yaml`, 'http://127.0.0.1:9', ['--request-timeout', '2s']);
  expect(code).toBe(3);
  expect(report.results.some(({ check, verdict }) => check.startsWith('doc-') && verdict === 'pass')).toBe(true);
});
