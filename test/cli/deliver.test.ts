import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cannedOutcome, context, outcome } from '../../fixtures/reports/canned-outcome.js';
import { deliver, reportFiles, type Delivery } from '../../src/cli/deliver.js';
import { usualOptions, type RunOptions } from '../../src/cli/flags/options.js';
import type { Report } from '../../src/core/report.js';
import { buildReport } from '../../src/report/build.js';
import { FORMATS, REPORTERS } from '../../src/report/reporters.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { cli } from '../support/run-cli.js';
import { expectValidReport } from '../support/valid-report.js';

const REPORT = buildReport(cannedOutcome(), context());

async function delivered(
  report: Report,
  options: Partial<RunOptions>,
  more: readonly Delivery[] = [],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const all = { ...usualOptions('run'), ...options };
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    env: {},
    cwd: '/',
    isTty: false,
    columns: 100,
    depth: 0 as const,
    signal: new AbortController().signal,
  };
  const code = await deliver(report, [...reportFiles(report, all), ...more], all, io);
  return { code, out, err };
}

test('every format that is asked for is written to its file, and told', async () => {
  await inFolder(async folder => {
    const { code, out, err } = await delivered(REPORT, { report: FORMATS, reportDir: folder });
    expect(code).toBe(REPORT.exitCode);
    expect(out).toContain('POST /orders');
    expect(readdirSync(folder).toSorted()).toEqual(FORMATS.map(format => REPORTERS[format].file).toSorted());
    expect(err).toBe(FORMATS.map(format => `wrote ${join(folder, REPORTERS[format].file)}\n`).join(''));
  });
});

describe('a file that cannot be written', () => {
  test.each([
    ['is a directory', (folder: string) => folder, 'is a directory; name a file'],
    ['lies below a file', (folder: string) => join(written(folder, 'x', ''), 'report.json'), 'its folder is a file'],
    ['has too long a name', (folder: string) => join(folder, 'x'.repeat(300)), 'the name is too long for a file'],
  ])('that %s costs nothing else, and makes the exit code 2', async (_, pathIn, reason) => {
    await inFolder(async folder => {
      const out = join(folder, 'out');
      mkdirSync(out);
      const [json, junit] = [pathIn(folder), join(out, 'junit.xml')];
      const ended = await delivered(REPORT, { reportJsonPath: json, reportJunitPath: junit });
      expect(ended.code).toBe(2);
      expect(ended.err).toContain(`${json}: ${reason}\n`);
      expect(ended.err).toContain(`wrote ${junit}\n`);
      expect(ended.out).toContain('2 failed, 2 warnings');
      expect(readFileSync(junit, 'utf8')).toContain('<testsuites');
      expect(readdirSync(out)).toEqual(['junit.xml']);
    });
  });

  test('an interrupted run stays one', async () => {
    const interrupted = buildReport(outcome({ ...cannedOutcome(), stopped: 'interrupted' }), context());
    expect(await delivered(interrupted, { reportJsonPath: '/' })).toMatchObject({ code: 130 });
  });
});

describe('a reporter that throws', () => {
  test('is told as a bug, by the name of its file; the others are written', async () => {
    await inFolder(async folder => {
      const json = join(folder, 'report.json');
      const broken = { file: 'broken.txt', write: () => Promise.reject(new TypeError('no such member')) };
      const ended = await delivered(REPORT, { reportJsonPath: json }, [broken]);
      expect(ended.code).toBe(2);
      expect(ended.err).toContain('broken.txt: could not be made, by a bug of idem-check: TypeError: no such member');
      expect(ended.out).toContain('2 failed, 2 warnings');
      expectValidReport(readFileSync(json, 'utf8'));
    });
  });

  test('the terminal too: the files are written', async () => {
    await inFolder(async folder => {
      const json = join(folder, 'report.json');
      const broken = { ...REPORT, checklist: null } as unknown as Report;
      const ended = await delivered(broken, { reportJsonPath: json });
      expect(ended).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain('the terminal: could not be made');
      expect(existsSync(json)).toBe(true);
    });
  });
});

describe('bugs of the tool', () => {
  const secret = 's3cr3t-t0ken-value';
  const run = {
    ...cannedOutcome(),
    internalErrors: [`TypeError: ${secret} is no function\n    at x`, 'RangeError: y'],
  };
  const redact = context().redact;
  const masking = { ...redact, text: (text: string) => redact.text(text).replaceAll(secret, '[redacted]') };
  const report = buildReport(run, context({ redact: { ...masking, learning: () => masking } }));

  test('are told on stderr, masked, with where to report them, and end with 2', async () => {
    const { code, err } = await delivered(report, {});
    expect(code).toBe(2);
    expect(err).toBe(
      [
        'This is a bug of idem-check:',
        'TypeError: [redacted] is no function',
        '    at x',
        'RangeError: y',
        'Please report it, with the lines above: https://github.com/idem-check/idem-check/issues',
        '',
      ].join('\n'),
    );
  });

  test('stand in the JSON report', () => {
    expect(report.internalErrors).toEqual(['TypeError: [redacted] is no function\n    at x', 'RangeError: y']);
    expectValidReport(JSON.stringify(report));
    expect(REPORT).not.toHaveProperty('internalErrors');
  });
});

test('a run whose files cannot be written prints its report all the same', async () => {
  const reference = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
  try {
    await inFolder(async folder => {
      const text = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
      const spec = written(folder, 'idem-check.yaml', text);
      const files = ['--report-json-path', folder, '--report', 'junit', '--report-dir', join(folder, 'out')];
      const known = ['--baseline', folder, '--baseline-update', '--contract-out', folder];
      const argv = ['run', spec, '--url', reference.url, '--checks', 'delete-repeat', ...files, ...known];
      const { code, out, err } = await cli(argv);
      expect(code).toBe(2);
      expect(out).toMatch(/2 passed.*exit 2/);
      expect(err.split('\n').filter(line => line === `${folder}: is a directory; name a file`)).toHaveLength(3);
      expect(existsSync(join(folder, 'out/junit.xml'))).toBe(true);
    });
  } finally {
    await reference.close();
  }
});
