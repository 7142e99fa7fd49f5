import { readFileSync } from 'node:fs';
import { UsageError } from '../core/errors.js';
import type { Budgets } from '../engine/session.js';
import type { Filter, SelectionInput } from '../plan/selection.js';
import type { Gate } from '../report/gate.js';
import type { Tls } from '../transport/dial.js';
import { CHOSEN_BY } from './flags/families.js';
import type { ChoosingOptions, TargetOptions, Values } from './flags/options.js';
import { duration } from './flags/parsers.js';
import { USUAL_MAX_WAIT } from './flags/table.js';

/** What makes a run fail. */
export function gateOf({ failOn, minSeverity, strict }: Values<'failOn' | 'minSeverity' | 'strict'>): Gate {
  return { failOn, minSeverity, strict };
}

/** The limits that stop a run. */
export function budgetsOf({ maxRequests, maxTime, maxLeftovers, rateLimit }: TargetOptions): Budgets {
  return { maxRequests, maxTimeMs: maxTime, maxLeftovers, rate: rateLimit };
}

/** Rounds and growing widths of a race: 2, 4, 8 ... up to the widest. */
export function raceOf({ concurrency, rounds }: TargetOptions): {
  readonly rounds: number;
  readonly widths: readonly number[];
} {
  return { rounds, widths: [...[2, 4, 8, 16, 32, 64].filter(width => width < concurrency), concurrency] };
}

/** How long a late retry, and a key in flight, are waited for, milliseconds; `null` = what the contract gives. */
export function waitsOf({ maxWait }: TargetOptions): {
  readonly maxWaitMs: number;
  readonly patienceMs: number | null;
} {
  return { maxWaitMs: maxWait ?? duration(USUAL_MAX_WAIT), patienceMs: maxWait };
}

/** The certificates, read. Throws UsageError with every file that cannot be. */
export function tlsOf({ insecure, cacert, cert, key }: TargetOptions): Tls {
  const unread: string[] = [];
  const textOf = (flag: string, file: string | null): string | null => {
    if (file === null) return null;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      unread.push(`${flag}: "${file}" cannot be read`);
      return null;
    }
  };
  const tls = { insecure, ca: textOf('--cacert', cacert), cert: textOf('--cert', cert), key: textOf('--key', key) };
  if (unread.length > 0) throw new UsageError(unread.join('\n'));
  return tls;
}

/** The checks the flags choose, else those of the spec. */
export function chosenChecks(
  { checks, excludeChecks }: Values<'checks' | 'excludeChecks'>,
  spec: { readonly include: readonly string[] | null; readonly exclude: readonly string[] },
): Pick<SelectionInput, 'checks' | 'excludeChecks'> {
  return {
    checks: checks.length === 0 ? spec.include : checks,
    excludeChecks: [...excludeChecks, ...spec.exclude],
  };
}

/** What the flags and the spec ask to be checked. */
export function selectionOf(
  options: TargetOptions & ChoosingOptions,
  spec: Parameters<typeof chosenChecks>[1],
): SelectionInput {
  return {
    ...chosenChecks(options, spec),
    include: filtersOf(options, 'include'),
    exclude: filtersOf(options, 'exclude'),
    shard: options.shard,
  };
}

function filtersOf(options: TargetOptions, kind: 'include' | 'exclude'): readonly Filter[] {
  const names = Object.keys(CHOSEN_BY) as readonly (keyof typeof CHOSEN_BY)[];
  return names.flatMap(name => {
    const on = CHOSEN_BY[name];
    return [
      ...options[`${kind}${name}`].map((wanted): Filter => {
        return { on, matches: value => value.toLowerCase() === wanted.toLowerCase() };
      }),
      ...options[`${kind}${name}Regex`].map((pattern): Filter => ({ on, matches: value => pattern.test(value) })),
    ];
  });
}
