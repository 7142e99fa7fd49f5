import { Option } from 'commander';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { HeaderLine } from '../../../src/core/http.js';
import { FORMATS, type Format } from '../../../src/report/reporters.js';
import type { CommandName } from '../../../src/cli/flags/flag.js';
import { flagsOf, optionsOf, usualOptions, type RunOptions } from '../../../src/cli/flags/options.js';
import { FLAGS } from '../../../src/cli/flags/table.js';
import { cli } from '../../support/run-cli.js';

const COMMANDS: readonly CommandName[] = [
  'run',
  'plan',
  'lint',
  'init',
  'ttl plant',
  'ttl verify',
  'demo',
  'serve',
  'check',
];

/** The message that reading these options ends with. */
function complaint(command: CommandName, given: Readonly<Record<string, unknown>>): string {
  try {
    optionsOf(command, given);
    return '';
  } catch (error) {
    return error instanceof Error ? `${error.name} ${error.message}` : String(error);
  }
}

describe('the table', () => {
  test.each(Object.entries(FLAGS))(
    '%s: its key is the name commander gives it, and what it needs is there',
    (name, flag) => {
      expect(new Option(flag.flag).attributeName()).toBe(name);
      expect(flag.help).not.toBe('');
      for (const command of flag.on) {
        const names = flagsOf(command).map(([own]) => own);
        expect(COMMANDS).toContain(command);
        if (flag.needs !== null) expect(names).toContain(flag.needs);
      }
    },
  );

  test('no flag and no short one stands twice', () => {
    for (const command of COMMANDS) {
      const words = flagsOf(command).flatMap(([, { flag }]) => flag.match(/(?<!\S)--?[\w-]+/g) ?? []);
      expect(words.toSorted()).toEqual([...new Set(words)].toSorted());
    }
  });

  test('the line of a run can be planned as it stands', () => {
    const planned = flagsOf('plan').map(([name]) => name);
    expect(flagsOf('run').filter(([name]) => !planned.includes(name))).toEqual([]);
  });
});

describe('what nobody gave', () => {
  test('is what the help says, or nothing', () => {
    expect(usualOptions('run')).toMatchObject({
      url: null,
      header: [],
      checks: [],
      insecure: false,
      report: [],
      reportDir: 'idem-check-report',
      reportJsonPath: null,
      failOn: 'fail',
      minSeverity: 'low',
      concurrency: 10,
      rounds: 5,
      workers: 8,
      sync: 'auto',
      maxWait: null,
      requestTimeout: 30_000,
      seed: null,
      shard: null,
      color: null,
      includePath: [],
      excludeTagRegex: [],
    });
  });

  test('is shown by the help', async () => {
    const { out, code } = await cli(['run', '--help']);
    expect(code).toBe(0);
    for (const [, { flag, usual }] of flagsOf('run')) {
      const line = out.split('\n').find(one => one.trimStart().startsWith(flag));
      expect(line, flag).toBeDefined();
      if (usual !== null) expect(line).toContain(`default: ${usual}`);
    }
  });
});

test('each flag is read as what it is', () => {
  const options = optionsOf('run', {
    url: 'https://staging.example/v1',
    header: ['X-Tenant: acme', 'Empty:'],
    checks: ['keys, delete-repeat', 'safe'],
    report: ['json,junit'],
    concurrency: '3',
    maxWait: '1m30s',
    waitForUrl: '20',
    rateLimit: '100/m',
    seed: '0',
    shard: '2/3',
    includePathRegex: ['^/orders'],
    sync: 'barrier',
    color: false,
    quiet: true,
  });
  expect(options).toMatchObject({
    url: 'https://staging.example/v1',
    header: [
      ['X-Tenant', 'acme'],
      ['Empty', ''],
    ],
    checks: ['keys', 'delete-repeat', 'safe'],
    report: ['json', 'junit'],
    concurrency: 3,
    maxWait: 90_000,
    waitForUrl: 20_000,
    rateLimit: { requests: 100, perMs: 60_000 },
    seed: 0,
    shard: { index: 2, of: 3 },
    includePathRegex: [/^\/orders/],
    sync: 'barrier',
    color: false,
    quiet: true,
  });
  expect(optionsOf('ttl plant', { state: 's.json', at: ['1h,21h'] })).toMatchObject({
    at: [3_600_000, 75_600_000],
    keys: 3,
  });
});

test('the types say what each is', () => {
  expectTypeOf<RunOptions['maxWait']>().toEqualTypeOf<number | null>();
  expectTypeOf<RunOptions['requestTimeout']>().toEqualTypeOf<number>();
  expectTypeOf<RunOptions['header']>().toEqualTypeOf<readonly HeaderLine[]>();
  expectTypeOf<RunOptions['excludeTagRegex']>().toEqualTypeOf<readonly RegExp[]>();
  expectTypeOf<RunOptions['report']>().toEqualTypeOf<readonly Format[]>();
  expectTypeOf<RunOptions['reportJunitPath']>().toEqualTypeOf<string | null>();
  expectTypeOf<RunOptions>().not.toHaveProperty('state');
});

test.each([
  ['url', { url: 'staging' }, '--url: "staging" is no http or https URL'],
  ['url', { url: 'ftp://x' }, '--url: "ftp://x" is no http or https URL'],
  ['header', { header: ['secret'] }, '--header: write "Name: value", not one without a colon'],
  ['identity', { identity: [': x'] }, '--identity: write "Name: value"'],
  ['count', { rounds: '1.5' }, '--rounds: "1.5" is no whole number from 1 up'],
  ['count', { rounds: '' }, '--rounds: "" is no whole number from 1 up'],
  ['count', { concurrency: '1' }, '--concurrency: "1" is no whole number from 2 up'],
  ['seed', { seed: '-1' }, '--seed: "-1" is no whole number from 0 up'],
  ['duration', { maxTime: 'soon' }, '--max-time: "soon" is no duration; write 30s, 5m or 24h'],
  ['rate', { rateLimit: '0/s' }, '--rate-limit: "0/s" is no rate; write 10/s, 100/m or 1000/h'],
  ['shard', { shard: '5/4' }, '--shard: "5/4" is no shard; write 1/4 for the first of four'],
  ['pattern', { excludeTagRegex: ['('] }, '--exclude-tag-regex: "(" is no regular expression'],
  ['format', { report: ['jsn'] }, `--report: "jsn" is not one of ${FORMATS.join(', ')}, did you mean "json"?`],
  ['choice', { failOn: 'never' }, '--fail-on: "never" is not one of fail, warn, inconclusive'],
  ['empty list', { checks: [','] }, '--checks: is empty; write what is meant, separated by commas'],
  ['needs', { baselineUpdate: true }, '--baseline-update needs --baseline as well'],
  ['needs', { key: 'k.pem' }, '--key needs --cert as well'],
] as const)('a mistake in a %s: %j', (_, given, message) => {
  expect(complaint('run', given)).toContain(message);
});

test('a flag that a command cannot do without says so', () => {
  expect(complaint('ttl verify', {})).toContain('--state: missing; write --state <file>');
});

test('every mistake is told in one go, a line each, with exit 2', async () => {
  const argv = ['run', '--rounds', 'x', '--max-wait', 'soon', '--report', 'pdf', '--sync', 'now', '-H', 'a'];
  const { code, err } = await cli(argv);
  expect(code).toBe(2);
  expect(
    err
      .trim()
      .split('\n')
      .map(line => line.split(':')[0]),
  ).toEqual(['--header', '--report', '--rounds', '--sync', '--max-wait']);
});

test('of --color and --no-color the last one holds', async () => {
  const lint = (...flags: readonly string[]) => cli(['lint', 'fixtures/doc-flaws/key-undeclared.yaml', ...flags]);
  const [plain, none, all] = await Promise.all([lint(), lint('--no-color'), lint('--color')]);
  expect(none.out).toBe(plain.out);
  expect(all.out).toContain('\u001b[');
  expect((await lint('--color', '--no-color')).out).toBe(plain.out);
});
