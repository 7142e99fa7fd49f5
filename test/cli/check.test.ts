import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { check, SpecError, UsageError, type CheckOptions, type Report, type RunEvent } from '../../src/index.js';
import { startReference, type RunningReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { inFolder, written } from '../support/folder.js';
import { runReport } from '../support/run-cli.js';
import { expectValidReport } from '../support/valid-report.js';

const SPEC = specText([{ prefix: '', suffix: '', flaw: null, choices: {}, resources: ['order'] }]);
const FEW = ['delete-repeat', 'key-replay-no-duplicate'];

let api: RunningReference;
beforeAll(async () => {
  api = await startReference({ mounts: [{ prefix: '', flaw: null, choices: {} }] });
});
afterAll(() => api.close());
afterEach(() => vi.restoreAllMocks());

const verdicts = ({ results }: Report) =>
  results.map(({ id, verdict }) => `${id} ${verdict}`).toSorted((a, b) => a.localeCompare(b));

describe('the spec', () => {
  test.each<[string, () => Promise<string | object> | string | object]>([
    ['as a text', () => SPEC],
    ['as an object', () => parse(SPEC) as object],
    ['as a JSON text', () => JSON.stringify(parse(SPEC))],
  ])('%s is checked as the command line checks its file', async (_, give) => {
    const report = await check(await give(), { url: api.url, checks: FEW });
    await inFolder(async folder => {
      const file = written(folder, 'idem-check.yaml', SPEC);
      const { report: described } = await runReport(file, api.url, ['--checks', FEW.join(',')]);
      expect(verdicts(report)).toEqual(verdicts(described));
      expect(verdicts(await check(file, { url: api.url, checks: FEW }))).toEqual(verdicts(described));
    });
    expect(report.summary).toMatchObject({ pass: 3, fail: 0 });
    expect(report.exitCode).toBe(0);
    expectValidReport(JSON.stringify(report));
  });

  test('may be an OpenAPI document, as an object or at an address', async () => {
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as object;
    const options = { url: api.url, checks: ['delete-repeat'], includePath: ['/orders/{id}'] };
    const report = await check(document, options);
    expect(report.summary.pass).toBe(2);
    expect(verdicts(await check(`${api.url}/openapi.json`, options))).toEqual(verdicts(report));
  });

  test('takes its variables from the environment that is given', async () => {
    const spec = `${SPEC}target: { url: "\${WHERE}" }\n`;
    const { summary } = await check(spec, { env: { WHERE: api.url }, checks: ['delete-repeat'] });
    expect(summary.pass).toBe(2);
  });
});

test('prints nothing, and tells how it goes', async () => {
  const out = vi.spyOn(process.stdout, 'write');
  const err = vi.spyOn(process.stderr, 'write');
  const events: RunEvent[] = [];
  const report = await check(SPEC, { url: api.url, checks: FEW, onEvent: event => void events.push(event) });
  expect([out.mock.calls, err.mock.calls]).toEqual([[], []]);
  expect(events.find(({ kind }) => kind === 'started')).toEqual({ kind: 'started', cases: 3 });
  const ended = events.flatMap(event => (event.kind === 'case-ended' ? [event.result.id] : []));
  expect(ended.toSorted()).toEqual(
    report.results
      .filter(({ verdict }) => verdict !== 'not-applicable')
      .map(({ id }) => id)
      .toSorted(),
  );
});

test('options are those of the command line, by their names', async () => {
  const report = await check(SPEC, {
    url: api.url,
    header: ['X-Extra: yes'],
    checks: ['key-concurrent-single-effect'],
    concurrency: 3,
    rounds: 2,
    sync: 'barrier',
    maxWait: '1s',
    seed: 7,
  });
  expect(report.seed).toBe(7);
  const [result] = report.results.filter(({ race }) => race !== null);
  expect(result?.race?.widths).toEqual([2, 3]);
  expect(report.exchanges.every(({ request }) => request.headers.some(([name]) => name === 'X-Extra'))).toBe(true);
});

test('a signal ends the run, and what was created is deleted', async () => {
  const abort = new AbortController();
  let cases = 0;
  const onEvent = ({ kind }: RunEvent) => {
    if (kind === 'case-started' && ++cases === 3) abort.abort();
  };
  const report = await check(SPEC, { url: api.url, workers: 2, signal: abort.signal, onEvent });
  expect(report.exitCode).toBe(130);
  expect(report.leftovers).toEqual([]);
  expect(await (await fetch(`${api.url}/orders`)).json()).toMatchObject({ items: [] });
});

describe('what cannot be used is refused before anything is sent', () => {
  const thrown = async (spec: unknown, options?: object) => {
    // What JavaScript lets through.
    const give = [spec, options] as unknown as [string, CheckOptions | undefined];
    return check(...give).then(
      () => null,
      (error: unknown) => error,
    );
  };

  test.each<[string, unknown, object | undefined, string]>([
    ['no target', SPEC, {}, 'no target'],
    ['a host that is no test system', SPEC, { url: 'https://api.example.com' }, 'does not look like a test system'],
    [
      'an unknown check',
      SPEC,
      { url: 'http://127.0.0.1:1', checks: ['delete-repeet'] },
      'did you mean "delete-repeat"?',
    ],
    ['an unknown option', SPEC, { round: 3 }, 'round: there is no such option, did you mean "rounds"?'],
    ['an option of the terminal', SPEC, { quiet: true }, 'quiet: there is no such option'],
    ['a number for a duration', SPEC, { maxWait: 10_000 }, 'maxWait: "10000" is no text'],
    ['a text for a list', SPEC, { checks: 'keys' }, 'checks: wants a list of texts'],
    ['a text for a switch', SPEC, { strict: 'no' }, 'strict: "no" is neither true nor false'],
    ['no spec', undefined, {}, 'the spec is a path, a text or an object'],
  ])('%s: UsageError', async (_, spec, options, message) => {
    const error = await thrown(spec, options);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).not.toBeInstanceOf(SpecError);
    expect((error as Error).message).toContain(message);
  });

  test('several mistakes in options at once', async () => {
    const error = await thrown(SPEC, { rounds: 0, maxWait: 'soon' });
    expect((error as Error).message.split('\n').map(line => line.split(':')[0])).toEqual(['rounds', 'maxWait']);
  });

  test('a spec with mistakes: SpecError, with each at its place', async () => {
    const error = await thrown(SPEC.replace('  order:', '  order:\n    reed: x'), { url: api.url });
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).mistakes).toMatchObject([
      { path: 'resources.order.reed', location: { file: 'the spec' } },
    ]);
  });

  test('a file that is not there: SpecError', async () => {
    expect(await thrown('no-such-file.yaml')).toBeInstanceOf(SpecError);
  });
});

// As it is installed: `npm test` builds it first.
test('the package exports it, with the two errors, and leaves no file behind', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  await inFolder(async folder => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/idem-check'));
    const script = `
      import * as all from 'idem-check';
      const { check, SpecError, UsageError } = all;
      const report = await check(process.env.SPEC, { url: process.env.TARGET, checks: ['delete-repeat'] });
      const wrong = await check('x.yaml').catch(error => error);
      const odd = await check(process.env.SPEC, { rounds: 0 }).catch(error => error);
      console.log(JSON.stringify({
        names: Object.keys(all),
        summary: report.summary,
        errors: [wrong instanceof SpecError, odd instanceof UsageError, odd instanceof SpecError],
      }));
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [written(folder, 'use.mjs', script)], {
      cwd: folder,
      env: { ...process.env, SPEC, TARGET: api.url },
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      names: ['SpecError', 'UsageError', 'check'],
      summary: { pass: 2, fail: 0 },
      errors: [true, true, false],
    });
    expect(readdirSync(folder).toSorted()).toEqual(['node_modules', 'use.mjs']);
  });
});
