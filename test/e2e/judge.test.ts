import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.js';
import { keyIgnored } from '../../src/reference/flaws/key-ignored.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { written } from '../support/folder.js';
import { cli } from '../support/run-cli.js';

const CHECK = 'key-replay-no-duplicate';

const folder = mkdtempSync(join(tmpdir(), 'idem-check-'));
let file = '';
let recorded: Report;

beforeAll(async () => {
  const api = await startReference({ mounts: [{ prefix: '', flaw: keyIgnored, choices: {} }] });
  const text = specText([{ prefix: '', suffix: '', flaw: keyIgnored, choices: {}, resources: ['order'] }]);
  const spec = written(folder, 'idem-check.yaml', text);
  file = join(folder, 'report.json');
  const flags = ['--checks', `${CHECK},delete-repeat`, '--report-json-path', file];
  const { code } = await cli(['run', spec, '--url', api.url, ...flags]);
  expect(code).toBe(1);
  // Judging needs no target.
  await api.close();
  recorded = JSON.parse(readFileSync(file, 'utf8')) as Report;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The report, changed, in a file of its own. */
function changed(name: string, change: (report: Report) => unknown): string {
  return written(folder, name, JSON.stringify(change(structuredClone(recorded))));
}

describe('idem-check judge', () => {
  test('comes to the same verdicts with the target gone, and ends as the run did', async () => {
    const { code, out } = await cli(['judge', file]);
    expect(out).toBe(`judged again: ${recorded.results.length} results, all as before\n`);
    expect(code).toBe(1);
  });

  test('judges the checks it is asked for alone', async () => {
    const { code, out } = await cli(['judge', file, '--checks', 'delete-repeat', '--json']);
    const own = recorded.results.filter(({ check }) => check === 'delete-repeat');
    expect(own.length).toBeGreaterThan(0);
    expect(JSON.parse(out)).toMatchObject({ results: own.length, differing: [] });
    expect(code).toBe(0);
  });

  test('says what differs from the verdict that was written down', async () => {
    const path = changed('other.json', report => ({
      ...report,
      results: report.results.map(result =>
        result.check === CHECK && result.verdict === 'fail' ? { ...result, verdict: 'pass', findings: [] } : result,
      ),
    }));
    const { code, out } = await cli(['judge', path]);
    expect(out).toMatch(new RegExp(`${CHECK}[^]*pass[^]*fail`));
    expect(code).toBe(1);
  });

  test('writes the report anew, which is judged the same again', async () => {
    const again = join(folder, 'again.json');
    await cli(['judge', file, '--report-json-path', again]);
    expect((JSON.parse(readFileSync(again, 'utf8')) as Report).results).toEqual(recorded.results);
    expect((await cli(['judge', again])).out).toContain('all as before');
  });

  test('tells every mistake of a file that is no such report', async () => {
    const { code, err } = await cli(['judge', written(folder, 'no.json', '{"schemaVersion":1}')]);
    expect(code).toBe(2);
    expect(err).toContain('no.json');
    const ungrounded = changed('ungrounded.json', ({ grounds: _, ...rest }) => rest);
    expect(await cli(['judge', ungrounded])).toMatchObject({ code: 2 });
  });
});
