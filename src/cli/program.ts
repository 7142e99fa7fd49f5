import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { UsageError } from '../core/errors.js';
import { EXIT } from './exit.js';
import { declareFlags } from './flags/declare.js';
import type { CommandName } from './flags/flag.js';
import { optionsOf, type OptionsOf } from './flags/options.js';
import type { Io } from './io.js';
import { version } from './version.js';

/** A command line under construction. */
interface Line {
  readonly program: Command;
  readonly io: Io;
  readonly ended: (code: number) => void;
}

/** The whole command line as a function: arguments in, exit code out. Throws UsageError for what the user did wrong. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('idem-check')
    .description('Tells whether an HTTP API is safe to retry and safe to use concurrently.')
    .version(version())
    .showHelpAfterError('(idem-check --help shows what there is)');
  settle(program, io);
  const line: Line = { program, io, ended: code => (exitCode = code) };
  addRuns(line, argv);
  addDocumentCommands(line);
  addCatalogue(line);
  addLate(line);
  addReference(line);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}

function addRuns(line: Line, argv: readonly string[]): void {
  const run = line.program
    .command('run [spec]', { isDefault: true })
    .description('check the target and write the report');
  act<'run'>(line, run, 'run', async (spec, options, io) => {
    if (spec !== undefined && argv.includes(spec) && !argv.includes('run')) {
      await refuseMisspelt(spec, line.program, io);
    }
    return (await import('./run.js')).run(spec, options, io);
  });
  const plan = line.program.command('plan [spec]').description('show what a run would send; sends nothing');
  act<'plan'>(line, plan, 'plan', async (...given) => (await import('./plan.js')).plan(...given));
}

function addDocumentCommands(line: Line): void {
  const lint = line.program
    .command('lint <openapi>')
    .description(
      'judge an OpenAPI document by itself, with the checks doc-*: keys, lifetimes, answers to a retry; no traffic',
    );
  act<'lint', string>(line, lint, 'lint', async (...given) => (await import('./lint.js')).lint(...given));
  const init = line.program
    .command('init [openapi]')
    .description('write a commented idem-check.yaml, from an OpenAPI document or from a few questions');
  act<'init'>(line, init, 'init', async (...given) => (await import('./init.js')).init(...given));
}

function addCatalogue({ program, io, ended }: Line): void {
  settle(program.command('list'), io)
    .description('list the checks')
    .action(async () => ended(await (await import('./catalogue.js')).list(io)));
  settle(program.command('explain <check>'), io)
    .description('what one check sends, how it judges, how to fix')
    .action(async (check: string) => ended(await (await import('./catalogue.js')).explain(check, io)));
}

function addLate(line: Line): void {
  const ttl = settle(line.program.command('ttl'), line.io).description(
    'late retries across runs: plant keys now, use them again later',
  );
  const plant = ttl.command('plant [spec]').description('plant keys and leave their records standing');
  act<'ttl plant'>(line, plant, 'ttl plant', async (...given) => (await import('./ttl.js')).plant(...given));
  const verify = ttl
    .command('verify [spec]')
    .description('use the planted keys that are due again, and say for how long they protected');
  act<'ttl verify'>(line, verify, 'ttl verify', async (...given) => (await import('./ttl.js')).verify(...given));
}

function addReference(line: Line): void {
  const demo = line.program
    .command('demo')
    .description('run every check on the embedded reference API, its correct and its flawed side');
  act<'demo'>(line, demo, 'demo', async (_, options, io) => (await import('./demo.js')).demo(options, io));
  const serve = line.program.command('serve').description('start the reference API, to try the tool against');
  act<'serve'>(line, serve, 'serve', async (_, options, io) => (await import('./serve.js')).serve(options, io));
}

/** Gives a command its flags, and what it does once they are read. */
function act<Name extends CommandName, Argument extends string | undefined = string | undefined>(
  { io, ended }: Line,
  command: Command,
  name: Name,
  action: (argument: Argument, options: OptionsOf<Name>, io: Io) => Promise<number>,
): void {
  declareFlags(settle(command, io), name).action(async () => {
    const argument = command.processedArgs[0] as Argument;
    ended(await action(argument, optionsOf(name, command.opts()), io));
  });
}

function settle(command: Command, io: Io): Command {
  return command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
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
