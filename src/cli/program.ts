import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { EXIT } from './exit.js';
import type { InitFlags } from './init.js';
import type { Io } from './io.js';
import type { LintFlags } from './lint.js';
import type { RunFlags } from './options.js';
import type { TtlFlags } from './ttl.js';
import { version } from './version.js';

/** The whole command line as a function: arguments in, exit code out. Throws UsageError for what the user did wrong. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('idem-check')
    .description('Tells whether an HTTP API is safe to retry and safe to use concurrently.')
    .version(version())
    .showHelpAfterError('(idem-check --help shows what there is)');
  const settle = (command: Command) => command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  settle(program);

  const run = withRunFlags(settle(program.command('run [spec]', { isDefault: true }))).description(
    'check the target and write the report',
  );
  run
    .option('--contract <file>', 'a recorded contract; where the API does otherwise is a finding')
    .option('--contract-out <file>', 'record the contract the API was seen to keep');
  run.action(async (spec: string | undefined, flags: RunFlags) => {
    if (spec !== undefined && argv.includes(spec) && !argv.includes('run')) await refuseMisspelt(spec, program, io);
    exitCode = await (await import('./run.js')).run(spec, flags, io);
  });
  const plan = withRunFlags(settle(program.command('plan [spec]'))).description(
    'show what a run would send; sends nothing',
  );
  plan
    .option('--json', 'for scripts')
    .action(async (spec: string | undefined, flags: RunFlags & { readonly json?: boolean }) => {
      exitCode = await (await import('./plan.js')).plan(spec, flags, io);
    });
  settle(program.command('lint <openapi>'))
    .description('judge an OpenAPI document by itself: keys, lifetimes, answers to a retry; no traffic')
    .option('--checks <ids>', 'only these of the doc-* checks, separated by commas', many)
    .option('--exclude-checks <ids>', 'not these', many)
    .option('--profile <name>', 'the contract that says which statuses are usual')
    .addOption(
      new Option('--fail-on <verdict>', 'what makes it fail').choices(['fail', 'warn', 'inconclusive']).default('fail'),
    )
    .addOption(
      new Option('--min-severity <severity>', 'what counts')
        .choices(['low', 'medium', 'high', 'critical'])
        .default('low'),
    )
    .option('--strict', 'a SHOULD counts')
    .option('--overlay <file>', 'write an OpenAPI Overlay that adds what is missing')
    .option('--json', 'for scripts')
    .option('--color', 'colours in any case')
    .option('--no-color', 'no colours')
    .option('-v, --verbose', 'notes too')
    .action(async (file: string, flags: LintFlags) => {
      exitCode = await (await import('./lint.js')).lint(file, flags, io);
    });
  settle(program.command('init [openapi]'))
    .description('write a commented idem-check.yaml, from an OpenAPI document or from a few questions')
    .option('-o, --output <file>', 'the file to write', 'idem-check.yaml')
    .option('--force', 'replace a file that is there')
    .action(async (file: string | undefined, flags: InitFlags) => {
      exitCode = await (await import('./init.js')).init(file, flags, io);
    });
  settle(program.command('list'))
    .description('list the checks')
    .action(async () => {
      exitCode = await (await import('./catalogue.js')).list(io);
    });
  settle(program.command('explain <check>'))
    .description('what one check sends, how it judges, how to fix')
    .action(async (check: string) => {
      exitCode = await (await import('./catalogue.js')).explain(check, io);
    });
  const ttl = settle(program.command('ttl')).description(
    'late retries across runs: plant keys now, use them again later',
  );
  withTtlFlags(settle(ttl.command('plant [spec]')))
    .description('plant keys and leave their records standing')
    .option('--at <ages>', 'when to use them again, such as 1h,21h (default: by the declared lifetime)')
    .option('--keys <n>', 'keys for each age: a store may drop single ones', '3')
    .action(async (spec: string | undefined, flags: TtlFlags) => {
      exitCode = await (await import('./ttl.js')).plant(spec, flags, io);
    });
  withTtlFlags(settle(ttl.command('verify [spec]')))
    .description('use the planted keys that are due again, and say for how long they protected')
    .action(async (spec: string | undefined, flags: TtlFlags) => {
      exitCode = await (await import('./ttl.js')).verify(spec, flags, io);
    });
  settle(program.command('demo'))
    .description('run every check on the embedded reference API, its correct and its flawed side')
    .option('--no-color', 'no colours')
    .option('-v, --verbose', 'passes too')
    .action(async (flags: { readonly color?: boolean; readonly verbose?: boolean }) => {
      exitCode = await (await import('./demo.js')).demo(flags, io);
    });
  settle(program.command('serve'))
    .description('start the reference API, to try the tool against')
    .option('-p, --port <port>', 'port (default: a free one)')
    .option('--flaw <id>', 'with one flaw')
    .option('--style <name>', 'how it speaks: plain, enveloped, body-key, aip, json-api or async', 'plain')
    .option('--store <store>', 'memory or redis://...', 'memory')
    .option('--test-clock', 'with POST /admin/clock?seconds=N, which moves its clock')
    .action(async (flags: Parameters<typeof import('./serve.js').serve>[0]) => {
      exitCode = await (await import('./serve.js')).serve(flags, io);
    });

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}

/** A first word that is no file but almost a command was meant as one. Throws UsageError. */
async function refuseMisspelt(word: string, program: Command, { cwd }: Io): Promise<void> {
  if (existsSync(resolve(cwd, word))) return;
  const { didYouMean } = await import('../spec/suggest.js');
  const hint = didYouMean(
    word,
    program.commands.map(command => command.name()),
  );
  if (hint !== '') throw new UsageError(`${word}: no such command or file${hint}`);
}

function withTtlFlags(command: Command): Command {
  return withRunFlags(command)
    .option('--state <file>', 'where planted keys are kept; it holds no secret and may go into a CI cache')
    .option('--environment <text>', 'what identifies the data: keys planted under another one are not judged');
}

function many(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function withRunFlags(command: Command): Command {
  command
    .option('-u, --url <url>', 'the target')
    .option('-H, --header <line>', 'a header for every request, "Name: value"; may be repeated', many)
    .option('--identity <line>', 'a header of another tenant, for the scope checks; may be repeated', many)
    .option('--profile <name>', 'the contract to hold the API to: ietf, stripe-v1, adyen ... or auto')
    .option('--checks <ids>', 'only these checks or groups, separated by commas', many)
    .option('--exclude-checks <ids>', 'not these', many)
    .option('-k, --insecure', 'accept any certificate')
    .option('--cacert <file>', 'trust this certificate authority')
    .option('--cert <file>', 'client certificate')
    .option('--key <file>', 'its key')
    .option('--proxy <url>', 'send everything through this proxy')
    .option('--report <formats>', 'json, junit; separated by commas', many)
    .option('--report-dir <dir>', 'where reports go', 'idem-check-report')
    .option('--report-json-path <file>', 'the JSON report')
    .option('--report-junit-path <file>', 'the JUnit report')
    .addOption(
      new Option('--fail-on <verdict>', 'what makes the run fail')
        .choices(['fail', 'warn', 'inconclusive'])
        .default('fail'),
    )
    .addOption(
      new Option('--min-severity <severity>', 'what counts')
        .choices(['low', 'medium', 'high', 'critical'])
        .default('low'),
    )
    .option('--strict', 'a SHOULD counts')
    .option('--baseline <file>', 'known findings, which do not count')
    .option('--baseline-update', 'write them anew')
    .option('--concurrency <n>', 'the widest race', '10')
    .option('--rounds <n>', 'rounds of a race', '5')
    .addOption(
      new Option('--sync <way>', 'how a race is released; auto takes turns among the ways that work')
        .choices(['auto', 'last-byte', 'single-packet', 'barrier'])
        .default('auto'),
    )
    .option('--h2c', 'the target speaks HTTP/2 without TLS; use it for races')
    .option('--workers <n>', 'cases side by side', '8')
    .option('--max-wait <duration>', 'longest wait for a late retry (default 10s)')
    .option('--allow-commands', 'run the commands of the spec')
    .option('--rate-limit <rate>', 'such as 100/m or 10/s')
    .option('--request-timeout <duration>', 'for one request', '30s')
    .option('--max-time <duration>', 'for the whole run')
    .option('--max-requests <n>', 'for the whole run')
    .option('--max-leftovers <n>', 'records that may stand at one time')
    .option('--allow-host <host>', 'write to this host although it does not look like a test system', many)
    .option('--seed <n>', 'seed of generated values')
    .option('--shard <i/n>', 'only this part of the resources')
    .option('--wait-for-url <seconds>', 'wait until the target answers')
    .option('--read-only', 'safe methods alone, on records that are there already; nothing is created')
    .option('--dry-run', 'the same as plan')
    .option('--color', 'colours in any case')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'failures and the summary only')
    .option('-v, --verbose', 'passes and notes too');
  for (const on of ['path', 'method', 'tag', 'operation-id']) {
    command
      .option(`--include-${on} <value>`, `only operations with this ${on}`, many)
      .option(`--include-${on}-regex <pattern>`, `only operations whose ${on} matches`, many)
      .option(`--exclude-${on} <value>`, `not these`, many)
      .option(`--exclude-${on}-regex <pattern>`, `not these`, many);
  }
  return command;
}
