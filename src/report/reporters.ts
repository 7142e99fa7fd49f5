import type { Report } from '../core/report.js';
import type { Gate } from './gate.js';

/** A format a report can be written in. */
export interface Reporter {
  /** Name of its file in the folder of `--report-dir`. */
  readonly file: string;
  /** What it is for, in a line. */
  readonly about: string;
  /** Brings its renderer, a pure function of the report; not before it is asked for. */
  readonly load: () => Promise<(report: Report, gate: Gate) => string>;
}

/** Every format, by the name `--report` knows it by. The terminal is no file, and always there. */
export const REPORTERS = {
  json: {
    file: 'report.json',
    about: 'the record of the run, every request in it (schema/report.schema.json)',
    load: async () => (await import('./json.js')).renderJson,
  },
  junit: {
    file: 'junit.xml',
    about: 'JUnit XML, a suite per operation, for the test page of a CI',
    load: async () => (await import('./junit.js')).renderJunit,
  },
} as const satisfies Record<string, Reporter>;

export type Format = keyof typeof REPORTERS;

// The keys of the table are the formats; `Object.keys` knows them as strings alone.
export const FORMATS = Object.keys(REPORTERS) as readonly Format[];

/** The formats as the README lists them. */
export function reportersTable(): string {
  const rows = FORMATS.map(format => {
    const { file, about } = REPORTERS[format];
    return `| \`${format}\` | ${about} | \`${file}\` | \`--report-${format}-path\` |`;
  });
  return [
    '| format | what it is | file in `--report-dir` | flag for another file |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
