import { UsageError } from '../../core/errors.js';
import { didYouMean } from '../../spec/suggest.js';
import { longOf, type CommandName, type Flag } from './flag.js';
import { FLAGS } from './table.js';

type Flags = typeof FLAGS;

/** Names of the flags a command takes. */
export type NameOn<Command extends CommandName> = {
  [Name in keyof Flags]: Command extends Flags[Name]['on'][number] ? Name : never;
}[keyof Flags];

/** Options read from their flags: numbers are numbers, durations are milliseconds, what is not given is `null` or empty. */
export type Values<Name extends keyof Flags> = { readonly [Each in Name]: ReturnType<Flags[Each]['value']> };

/** The options of a command. */
export type OptionsOf<Command extends CommandName> = Values<NameOn<Command>>;

/** What may be given for a flag of each kind where it is given by a program. */
interface GivenFor {
  readonly switch: boolean;
  readonly 'yes-no': boolean;
  readonly text: string;
  readonly number: number | string;
  readonly many: readonly string[];
}

/** What may be given to a command, unread: each flag by its name, written as on the command line. */
export type GivenTo<Command extends CommandName> = {
  readonly [Name in NameOn<Command>]?: GivenFor[Flags[Name]['kind']];
};

export type RunOptions = OptionsOf<'run'>;
export type PlanOptions = OptionsOf<'plan'>;
export type PlantOptions = OptionsOf<'ttl plant'>;
export type LateOptions = OptionsOf<'ttl verify'>;
export type LintOptions = OptionsOf<'lint'>;
export type InitOptions = OptionsOf<'init'>;
export type DemoOptions = OptionsOf<'demo'>;
export type ServeOptions = OptionsOf<'serve'>;
/** What decides how a target is met, whatever is done to it. */
export type TargetOptions = Values<NameOn<'check'> & NameOn<'ttl verify'>>;
/** What decides which checks are left. */
export type ChoosingOptions = Values<'checks' | 'excludeChecks' | 'readOnly'>;
/** What is printed, and written where. */
export type TellingOptions = Values<NameOn<'run'> & NameOn<'ttl verify'>>;

/** The flags of a command by their names. */
export function flagsOf(command: CommandName): readonly (readonly [string, Flag])[] {
  const all: readonly (readonly [string, Flag])[] = Object.entries(FLAGS);
  return all.filter(([, { on }]) => on.includes(command));
}

/**
 * Reads what was given to a command. Throws UsageError with a line for everything that is wrong with it; `labelOf` says
 * what a flag is called there.
 */
export function optionsOf<Command extends CommandName>(
  command: Command,
  given: Readonly<Record<string, unknown>>,
  labelOf: (name: string, flag: Flag) => string = (_, flag) => longOf(flag),
): OptionsOf<Command> {
  const flags = new Map(flagsOf(command));
  const options: Record<string, unknown> = {};
  const mistakes = Object.keys(given).flatMap(name =>
    flags.has(name) ? [] : [`${name}: there is no such option${didYouMean(name, [...flags.keys()])}`],
  );
  for (const [name, flag] of flags) {
    try {
      options[name] = flag.value(given[name]);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(`${labelOf(name, flag)}: ${error.message}`);
    }
    const other = flag.needs === null ? undefined : flags.get(flag.needs);
    if (flag.needs === null || other === undefined || given[name] === undefined) continue;
    if (given[flag.needs] === undefined)
      mistakes.push(`${labelOf(name, flag)} needs ${labelOf(flag.needs, other)} as well`);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  // The table says what the value of each name is; an object that is filled in a loop cannot.
  return options as OptionsOf<Command>;
}

/** The options of a command nobody gave a flag to. */
export function usualOptions<Command extends CommandName>(command: Command): OptionsOf<Command> {
  return optionsOf(command, {});
}
