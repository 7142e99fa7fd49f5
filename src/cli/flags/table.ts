import { FORMATS } from '../../report/reporters.js';
import { filters, reportPaths } from './families.js';
import { listed, many, needed, number, one, present, usualNumber, usually, yesNo, type Flag } from './flag.js';
import { count, duration, headerLine, oneOf, rate, shard, text, webAddress } from './parsers.js';

/** Everything that sends requests to a target, or says what it would send. */
const RUNS = ['run', 'plan', 'ttl plant', 'ttl verify', 'check'] as const;
/** Those of them that choose among the checks. */
const CHOOSING = ['run', 'plan', 'check'] as const;
/** Those of them that print and write. */
const TELLING = ['run', 'plan', 'ttl plant', 'ttl verify'] as const;
/** What `run` alone does; `plan` takes it too, so that the line of a run can be planned as it stands. */
const RUNNING = ['run', 'plan'] as const;
const LATE = ['ttl plant', 'ttl verify'] as const;

/** `--max-wait` where it is not given; a key in flight is then watched for as long as its contract says. */
export const USUAL_MAX_WAIT = '10s';

/**
 * Every flag of every command: how it is written, what it means, who takes it, how it is read. The command line, its
 * help, the types of the options and those of `check` come from here. A key is the flag's name in camel case.
 */
export const FLAGS = {
  url: one({ flag: '-u, --url <url>', help: 'the target', on: RUNS, as: webAddress }),
  header: many({
    flag: '-H, --header <line>',
    help: 'a header for every request, "Name: value"; may be repeated',
    on: RUNS,
    as: headerLine,
  }),
  identity: many({
    flag: '--identity <line>',
    help: 'a header of another tenant, for the scope checks; may be repeated',
    on: RUNS,
    as: headerLine,
  }),
  profile: one({
    flag: '--profile <name>',
    help: 'the contract to hold the API to: ietf, stripe-v1, adyen ... or auto',
    on: [...RUNS, 'lint'],
    as: text,
  }),
  checks: listed({
    flag: '--checks <ids>',
    help: 'only these checks or groups, separated by commas',
    on: [...CHOOSING, 'lint'],
    as: text,
  }),
  excludeChecks: listed({
    flag: '--exclude-checks <ids>',
    help: 'not these checks or groups',
    on: [...CHOOSING, 'lint'],
    as: text,
  }),
  insecure: present({ flag: '-k, --insecure', help: 'accept any certificate', on: RUNS }),
  cacert: one({ flag: '--cacert <file>', help: 'trust this certificate authority', on: RUNS, as: text }),
  cert: one({ flag: '--cert <file>', help: 'client certificate', on: RUNS, as: text }),
  key: one({ flag: '--key <file>', help: 'the key of the client certificate', on: RUNS, as: text, needs: 'cert' }),
  proxy: one({ flag: '--proxy <url>', help: 'send everything through this proxy', on: RUNS, as: webAddress }),
  report: listed({
    flag: '--report <formats>',
    help: 'write reports, separated by commas',
    on: TELLING,
    as: oneOf(...FORMATS),
  }),
  reportDir: usually('idem-check-report', {
    flag: '--report-dir <dir>',
    help: 'where reports go',
    on: TELLING,
    as: text,
  }),
  ...reportPaths(TELLING),
  failOn: usually('fail', {
    flag: '--fail-on <verdict>',
    help: 'what makes the run fail',
    on: [...RUNS, 'lint'],
    as: oneOf('fail', 'warn', 'inconclusive'),
  }),
  minSeverity: usually('low', {
    flag: '--min-severity <severity>',
    help: 'the lowest severity that counts',
    on: [...RUNS, 'lint'],
    as: oneOf('low', 'medium', 'high', 'critical'),
  }),
  strict: present({ flag: '--strict', help: 'a SHOULD counts', on: [...RUNS, 'lint'] }),
  baseline: one({
    flag: '--baseline <file>',
    help: 'known findings, which do not count',
    on: CHOOSING,
    as: text,
  }),
  baselineUpdate: present({
    flag: '--baseline-update',
    help: 'write the baseline anew',
    on: RUNNING,
    needs: 'baseline',
  }),
  contract: one({
    flag: '--contract <file>',
    help: 'a recorded contract; where the API does otherwise is a finding',
    on: CHOOSING,
    as: text,
  }),
  contractOut: one({
    flag: '--contract-out <file>',
    help: 'record the contract the API was seen to keep',
    on: RUNNING,
    as: text,
  }),
  concurrency: usualNumber('10', { flag: '--concurrency <n>', help: 'the widest race', on: RUNS, as: count(2) }),
  rounds: usualNumber('5', { flag: '--rounds <n>', help: 'rounds of a race', on: RUNS, as: count() }),
  sync: usually('auto', {
    flag: '--sync <way>',
    help: 'how a race is released; auto takes turns among the ways that work',
    on: RUNS,
    as: oneOf('auto', 'last-byte', 'single-packet', 'barrier'),
  }),
  h2c: present({ flag: '--h2c', help: 'the target speaks HTTP/2 without TLS; use it for races', on: RUNS }),
  workers: usualNumber('8', { flag: '--workers <n>', help: 'cases side by side', on: RUNS, as: count() }),
  maxWait: one({
    flag: '--max-wait <duration>',
    help: `longest wait for a late retry (default: ${USUAL_MAX_WAIT}), and for a key in flight (default: as its contract says)`,
    on: RUNS,
    as: duration,
  }),
  allowCommands: present({ flag: '--allow-commands', help: 'run the commands of the spec', on: RUNS }),
  rateLimit: one({ flag: '--rate-limit <rate>', help: 'such as 100/m or 10/s', on: RUNS, as: rate }),
  requestTimeout: usually('30s', {
    flag: '--request-timeout <duration>',
    help: 'for one request',
    on: RUNS,
    as: duration,
  }),
  maxTime: one({ flag: '--max-time <duration>', help: 'for the whole run', on: RUNS, as: duration }),
  maxRequests: number({ flag: '--max-requests <n>', help: 'for the whole run', on: RUNS, as: count() }),
  maxLeftovers: number({
    flag: '--max-leftovers <n>',
    help: 'records that may stand at one time',
    on: RUNS,
    as: count(),
  }),
  allowHost: many({
    flag: '--allow-host <host>',
    help: 'write to this host although it does not look like a test system',
    on: RUNS,
    as: text,
  }),
  seed: number({
    flag: '--seed <n>',
    help: 'seed of generated values: the same gives the same again, but for a part of each key and marker that is new in every run, so that runs do not meet (default: a random one, told in the report)',
    on: RUNS,
    as: count(0),
  }),
  shard: one({ flag: '--shard <i/n>', help: 'only this part of the resources', on: RUNS, as: shard }),
  waitForUrl: one({
    flag: '--wait-for-url <seconds>',
    help: 'wait until the target answers',
    on: CHOOSING,
    as: duration,
  }),
  readOnly: present({
    flag: '--read-only',
    help: 'safe methods alone, on records that are there already; nothing is created',
    on: CHOOSING,
  }),
  dryRun: present({ flag: '--dry-run', help: 'the same as plan', on: RUNNING }),
  ...filters(RUNS),
  state: needed({
    flag: '--state <file>',
    help: 'where planted keys are kept; it holds no secret and may go into a CI cache',
    on: LATE,
    as: text,
  }),
  environment: one({
    flag: '--environment <text>',
    help: 'what identifies the data: keys planted under another one are not judged',
    on: LATE,
    as: text,
  }),
  at: listed({
    flag: '--at <ages>',
    help: 'when to use them again, such as 1h,21h (default: by the declared lifetime)',
    on: ['ttl plant'],
    as: duration,
  }),
  keys: usualNumber('3', {
    flag: '--keys <n>',
    help: 'keys for each age: a store may drop single ones',
    on: ['ttl plant'],
    as: count(),
  }),
  overlay: one({
    flag: '--overlay <file>',
    help: 'write an OpenAPI Overlay that adds what is missing',
    on: ['lint'],
    as: text,
  }),
  output: usually('idem-check.yaml', {
    flag: '-o, --output <file>',
    help: 'the file to write',
    on: ['init'],
    as: text,
  }),
  force: present({ flag: '--force', help: 'replace a file that is there', on: ['init'] }),
  port: number({ flag: '-p, --port <port>', help: 'port (default: a free one)', on: ['serve'], as: count() }),
  flaw: one({ flag: '--flaw <id>', help: 'with one flaw', on: ['serve'], as: text }),
  style: usually('plain', {
    flag: '--style <name>',
    help: 'how it speaks: plain, enveloped, body-key, aip, json-api or async',
    on: ['serve'],
    as: text,
  }),
  store: usually('memory', { flag: '--store <store>', help: 'memory or redis://...', on: ['serve'], as: text }),
  testClock: present({
    flag: '--test-clock',
    help: 'with POST /admin/clock?seconds=N, which moves its clock',
    on: ['serve'],
  }),
  json: present({ flag: '--json', help: 'for scripts', on: ['plan', 'lint'] }),
  color: yesNo({ flag: '--color', help: 'colours in any case; --no-color: none', on: [...TELLING, 'lint', 'demo'] }),
  quiet: present({ flag: '-q, --quiet', help: 'failures and the summary only', on: TELLING }),
  verbose: present({
    flag: '-v, --verbose',
    help: 'passes and notes too',
    on: [...TELLING, 'lint', 'demo'],
  }),
} as const satisfies Readonly<Record<string, Flag>>;
