import { UsageError } from '../../core/errors.js';
import type { Parser } from './parsers.js';

/** The commands that take flags; `check` is the function of that name that the package exports. */
export type CommandName = 'run' | 'plan' | 'lint' | 'init' | 'ttl plant' | 'ttl verify' | 'demo' | 'serve' | 'check';

/** How a flag is given: there or not, `--x` or `--no-x`, once with a text or a number, or as often as one likes. */
type Kind = 'switch' | 'yes-no' | 'text' | 'number' | 'many';

/**
 * One flag: how it is written, what it means, who takes it, and how what was given becomes a value. `value` throws
 * UsageError with what to write instead, the name of the flag left out.
 */
export interface Flag<Value = unknown, On extends CommandName = CommandName, How extends Kind = Kind> {
  readonly kind: How;
  /** As its help shows it: `-u, --url <url>`. */
  readonly flag: string;
  readonly help: string;
  readonly on: readonly On[];
  /** What stands for it where it is not given, written as a user would; `null` = nothing. */
  readonly usual: string | null;
  readonly choices: readonly string[];
  /** Name of the flag it makes no sense without. */
  readonly needs: string | null;
  readonly value: (given: unknown) => Value;
}

/** What every flag says of itself. */
interface Shape<On extends CommandName> {
  readonly flag: string;
  readonly help: string;
  readonly on: readonly On[];
  readonly needs?: string;
}

interface Parsed<Value, On extends CommandName> extends Shape<On> {
  readonly as: Parser<Value>;
}

/** A flag that is there or not. */
export function present<const On extends CommandName>(shape: Shape<On>): Flag<boolean, On, 'switch'> {
  return { ...common(shape), kind: 'switch', value: given => (given === undefined ? false : yesOrNo(given)) };
}

/** A flag with a contrary, `--x` and `--no-x`; `null` where neither is given. */
export function yesNo<const On extends CommandName>(shape: Shape<On>): Flag<boolean | null, On, 'yes-no'> {
  return { ...common(shape), kind: 'yes-no', value: given => (given === undefined ? null : yesOrNo(given)) };
}

/** A flag with one value; `null` where it is not given. */
export function one<Value, const On extends CommandName>(shape: Parsed<Value, On>): Flag<Value | null, On, 'text'> {
  const { as } = shape;
  return {
    ...common(shape),
    kind: 'text',
    choices: as.choices ?? [],
    value: given => (given === undefined ? null : as(textOf(given))),
  };
}

/** The same with a value of its own where it is not given. */
export function usually<Value, const On extends CommandName>(
  usual: string,
  shape: Parsed<Value, On>,
): Flag<Value, On, 'text'> {
  const { as } = shape;
  return {
    ...common(shape),
    kind: 'text',
    usual,
    choices: as.choices ?? [],
    value: given => as(given === undefined ? usual : textOf(given)),
  };
}

/** A flag its command cannot do without. */
export function needed<Value, const On extends CommandName>(shape: Parsed<Value, On>): Flag<Value, On, 'text'> {
  const { as, flag, help } = shape;
  return {
    ...common(shape),
    kind: 'text',
    value(given) {
      if (given === undefined) throw new UsageError(`missing; write ${flag} (${help})`);
      return as(textOf(given));
    },
  };
}

/** A flag with a number; `null` where it is not given. */
export function number<const On extends CommandName>(shape: Parsed<number, On>): Flag<number | null, On, 'number'> {
  const { as } = shape;
  return { ...common(shape), kind: 'number', value: given => (given === undefined ? null : as(numeral(given))) };
}

/** A flag with a number, and one of its own where it is not given. */
export function usualNumber<const On extends CommandName>(
  usual: string,
  shape: Parsed<number, On>,
): Flag<number, On, 'number'> {
  const { as } = shape;
  return {
    ...common(shape),
    kind: 'number',
    usual,
    value: given => as(given === undefined ? usual : numeral(given)),
  };
}

/** A flag that may be repeated; every value it was given, in order. */
export function many<Value, const On extends CommandName>(
  shape: Parsed<Value, On>,
): Flag<readonly Value[], On, 'many'> {
  return {
    ...common(shape),
    kind: 'many',
    choices: shape.as.choices ?? [],
    value: given => listOf(given).map(shape.as),
  };
}

/** A flag that may be repeated, with several values separated by commas each time. */
export function listed<Value, const On extends CommandName>(
  shape: Parsed<Value, On>,
): Flag<readonly Value[], On, 'many'> {
  return {
    ...common(shape),
    kind: 'many',
    choices: shape.as.choices ?? [],
    value: given => listOf(given).flatMap(separated).map(shape.as),
  };
}

/** `--max-wait` of `--max-wait <duration>`. */
export function longOf({ flag }: Pick<Flag, 'flag'>): string {
  return /--[\w-]+/.exec(flag)?.[0] ?? flag;
}

function common<const On extends CommandName>({ flag, help, on, needs }: Shape<On>) {
  const choices: readonly string[] = [];
  return { flag, help, on, needs: needs ?? null, usual: null, choices };
}

function yesOrNo(given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw new UsageError(`"${String(given)}" is neither true nor false`);
}

function textOf(given: unknown): string {
  if (typeof given === 'string') return given;
  throw new UsageError(`"${String(given)}" is no text`);
}

function numeral(given: unknown): string {
  return typeof given === 'number' ? String(given) : textOf(given);
}

function listOf(given: unknown): readonly string[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given.map(textOf);
  throw new UsageError('wants a list of texts');
}

function separated(text: string): readonly string[] {
  const parts = text.split(',').map(part => part.trim());
  const there = parts.filter(part => part !== '');
  if (there.length === 0) throw new UsageError('is empty; write what is meant, separated by commas');
  return there;
}
