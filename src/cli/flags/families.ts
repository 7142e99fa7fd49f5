import { FORMATS, REPORTERS, type Format } from '../../report/reporters.js';
import { many, one, type CommandName, type Flag } from './flag.js';
import { pattern, text } from './parsers.js';

type ReportPaths<On extends CommandName> = Readonly<
  Record<`report${Capitalize<Format>}Path`, Flag<string | null, On, 'text'>>
>;

/** A flag for the file of each report. */
export function reportPaths<On extends CommandName>(on: readonly On[]): ReportPaths<On> {
  const paths = FORMATS.map(format => [
    pathOptionOf(format),
    one({ flag: `--report-${format}-path <file>`, help: `where to write ${REPORTERS[format].about}`, on, as: text }),
  ]);
  return Object.fromEntries(paths) as ReportPaths<On>;
}

/** Name of the option that says where the report of a format goes. */
export function pathOptionOf<F extends Format>(format: F): `report${Capitalize<F>}Path` {
  return `report${capitalised(format)}Path`;
}

/** What operations are chosen by, and how that is written in a flag. */
export const CHOSEN_BY = {
  Path: 'path',
  Method: 'method',
  Tag: 'tag',
  OperationId: 'operation-id',
} as const;

type Choice = `${'include' | 'exclude'}${keyof typeof CHOSEN_BY}`;
type Filters<On extends CommandName> = Readonly<
  Record<Choice, Flag<readonly string[], On, 'many'>> & Record<`${Choice}Regex`, Flag<readonly RegExp[], On, 'many'>>
>;

/** `--include-path`, `--exclude-tag-regex` and the others of their kind. */
export function filters<On extends CommandName>(on: readonly On[]): Filters<On> {
  const rows = Object.entries(CHOSEN_BY).flatMap(([name, trait]) =>
    (['include', 'exclude'] as const).flatMap(kind => {
      const [exact, fitting] =
        kind === 'include'
          ? [`only operations with this ${trait}`, `only operations whose ${trait} matches`]
          : [`no operations with this ${trait}`, `no operations whose ${trait} matches`];
      return [
        [`${kind}${name}`, many({ flag: `--${kind}-${trait} <value>`, help: exact, on, as: text })],
        [`${kind}${name}Regex`, many({ flag: `--${kind}-${trait}-regex <pattern>`, help: fitting, on, as: pattern })],
      ];
    }),
  );
  return Object.fromEntries(rows) as Filters<On>;
}

function capitalised<Text extends string>(word: Text): Capitalize<Text> {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}` as Capitalize<Text>;
}
