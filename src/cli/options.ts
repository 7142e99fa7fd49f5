import { UsageError } from '../core/errors.js';
import type { HeaderLine } from '../core/http.js';
import type { Budgets } from '../engine/session.js';
import type { Filter, SelectionInput } from '../plan/selection.js';
import type { Gate } from '../report/gate.js';
import { secondsOf } from '../spec/duration.js';
import type { SyncChoice } from '../transport/wiring.js';

/** The flags of `run` and `plan`, as the command line hands them over. */
export interface RunFlags {
  readonly url?: string;
  readonly header?: readonly string[];
  readonly identity?: readonly string[];
  readonly profile?: string;
  readonly checks?: readonly string[];
  readonly excludeChecks?: readonly string[];
  readonly insecure?: boolean;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly proxy?: string;
  readonly report?: readonly string[];
  readonly reportDir: string;
  readonly reportJsonPath?: string;
  readonly reportJunitPath?: string;
  readonly failOn: Gate['failOn'];
  readonly minSeverity: Gate['minSeverity'];
  readonly strict?: boolean;
  readonly baseline?: string;
  readonly baselineUpdate?: boolean;
  readonly contract?: string;
  readonly contractOut?: string;
  readonly concurrency: string;
  readonly rounds: string;
  readonly sync?: SyncChoice;
  readonly h2c?: boolean;
  readonly workers: string;
  readonly maxWait?: string;
  readonly allowCommands?: boolean;
  readonly rateLimit?: string;
  readonly requestTimeout: string;
  readonly maxTime?: string;
  readonly maxRequests?: string;
  readonly maxLeftovers?: string;
  readonly allowHost?: readonly string[];
  readonly seed?: string;
  readonly shard?: string;
  readonly waitForUrl?: string;
  readonly readOnly?: boolean;
  readonly dryRun?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly [filter: string]: unknown;
}

/** The budgets the flags set. Throws UsageError on one that is no number or duration. */
export function budgetsOf(flags: RunFlags): Budgets {
  return {
    maxRequests: flags.maxRequests === undefined ? null : count('--max-requests', flags.maxRequests),
    maxTimeMs: flags.maxTime === undefined ? null : milliseconds('--max-time', flags.maxTime),
    maxLeftovers: flags.maxLeftovers === undefined ? null : count('--max-leftovers', flags.maxLeftovers),
    rate: flags.rateLimit === undefined ? null : rateOf(flags.rateLimit),
  };
}

/** Rounds and growing widths of a race: 2, 4, 8 ... up to the widest. */
export function raceOf(flags: RunFlags): { readonly rounds: number; readonly widths: readonly number[] } {
  const widest = count('--concurrency', flags.concurrency, 2);
  const widths = [2, 4, 8, 16, 32, 64].filter(width => width < widest);
  return { rounds: count('--rounds', flags.rounds), widths: [...widths, widest] };
}

/** How long a late retry, and a key in flight, are waited for: `--max-wait`, else 10 s, and what the contract gives. */
export function waitsOf({ maxWait }: RunFlags): { readonly maxWaitMs: number; readonly patienceMs: number | null } {
  if (maxWait === undefined) return { maxWaitMs: 10_000, patienceMs: null };
  const maxWaitMs = milliseconds('--max-wait', maxWait);
  return { maxWaitMs, patienceMs: maxWaitMs };
}

export function milliseconds(flag: string, value: string): number {
  const seconds = secondsOf(value);
  if (seconds === null) throw new UsageError(`${flag}: "${value}" is no duration; write 30s, 5m or 24h`);
  return seconds * 1000;
}

export function count(flag: string, value: string, least = 1): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least)
    throw new UsageError(`${flag}: "${value}" is no whole number from ${least} up`);
  return number;
}

/** `Name: value` lines as headers. Throws UsageError on one that is none. */
export function headersOf(lines: readonly string[] = [], flag = '--header'): readonly HeaderLine[] {
  return lines.map(line => {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`${flag}: write "Name: value", not one without a colon`);
    return [name, value];
  });
}

/** What the flags and the spec ask to be checked. */
export function selectionOf(
  flags: RunFlags,
  spec: { readonly include: readonly string[] | null; readonly exclude: readonly string[] },
): SelectionInput {
  return {
    checks: flags.checks === undefined ? spec.include : separated(flags.checks),
    excludeChecks: [...separated(flags.excludeChecks ?? []), ...spec.exclude],
    include: filtersOf(flags, 'include'),
    exclude: filtersOf(flags, 'exclude'),
    shard: flags.shard === undefined ? null : shardOf(flags.shard),
  };
}

/** Formats asked for by `--report` and `--report-*-path`. Throws UsageError on one nobody writes. */
export function formatsOf(flags: RunFlags): readonly ('json' | 'junit')[] {
  const named = separated(flags.report ?? []);
  const known = ['json', 'junit'] as const;
  const odd = named.find(name => !known.some(format => format === name));
  if (odd !== undefined) throw new UsageError(`--report: "${odd}" is not written here; known are ${known.join(', ')}`);
  const paths = { json: flags.reportJsonPath, junit: flags.reportJunitPath };
  return known.filter(format => named.includes(format) || paths[format] !== undefined);
}

function separated(values: readonly string[]): readonly string[] {
  return values
    .flatMap(value => value.split(','))
    .map(value => value.trim())
    .filter(value => value !== '');
}

function filtersOf(flags: RunFlags, kind: 'include' | 'exclude'): readonly Filter[] {
  const names = { path: 'Path', method: 'Method', tag: 'Tag', 'operation-id': 'OperationId' } as const;
  return (['path', 'method', 'tag', 'operation-id'] as const).flatMap(on => {
    const exact = texts(flags[`${kind}${names[on]}`]).map((wanted): Filter => ({
      on,
      matches: value => value.toLowerCase() === wanted.toLowerCase(),
    }));
    const patterns = texts(flags[`${kind}${names[on]}Regex`]).map((pattern): Filter => {
      const compiled = patternOf(`--${kind}-${on}-regex`, pattern);
      return { on, matches: value => compiled.test(value) };
    });
    return [...exact, ...patterns];
  });
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function patternOf(flag: string, pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch {
    throw new UsageError(`${flag}: "${pattern}" is no regular expression`);
  }
}

function rateOf(value: string): Budgets['rate'] {
  const [, requests, unit] = /^(\d+)\/(s|m|h)$/.exec(value) ?? [];
  if (requests === undefined || unit === undefined || Number(requests) === 0) {
    throw new UsageError(`--rate-limit: "${value}" is no rate; write 10/s, 100/m or 1000/h`);
  }
  return { requests: Number(requests), perMs: (secondsOf(`1${unit}`) ?? 1) * 1000 };
}

function shardOf(value: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(value) ?? [];
  if (index === undefined || of === undefined || Number(index) < 1 || Number(index) > Number(of)) {
    throw new UsageError(`--shard: "${value}" is no shard; write 1/4`);
  }
  return { index: Number(index), of: Number(of) };
}

/** The flags of a run nobody gave flags to. */
export const DEFAULT_FLAGS: RunFlags = {
  reportDir: 'idem-check-report',
  failOn: 'fail',
  minSeverity: 'low',
  concurrency: '10',
  rounds: '5',
  workers: '8',
  requestTimeout: '30s',
};
