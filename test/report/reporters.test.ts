import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cannedOutcome, context, outcome } from '../../fixtures/reports/canned-outcome.js';
import { buildReport } from '../../src/report/build.js';
import { FORMATS, REPORTERS, reportersTable } from '../../src/report/reporters.js';
import { DEFAULT_GATE } from '../support/gate.js';
import { cli } from '../support/run-cli.js';

test.each(FORMATS)('%s is brought when it is asked for, and makes a text of any report', async format => {
  const render = await REPORTERS[format].load();
  for (const run of [cannedOutcome(), outcome()]) {
    expect(render(buildReport(run, context()), DEFAULT_GATE)).toMatch(/\S[^]*\n$/);
  }
});

test('no two go to one file', () => {
  const files = FORMATS.map(format => REPORTERS[format].file);
  expect(new Set(files).size).toBe(files.length);
});

test('the README lists them (npm run docs)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\n${reportersTable()}\n`);
});

test('the help names each, and the flag of its file', async () => {
  const { out } = await cli(['run', '--help']);
  const line = out.split('\n').find(one => one.includes('--report <formats>'));
  for (const format of FORMATS) {
    expect(line).toContain(`"${format}"`);
    expect(out).toMatch(new RegExp(`--report-${format}-path <file> +where to write `));
  }
});
