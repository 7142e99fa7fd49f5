import type { Check } from '../core/check.js';
import { UsageError } from '../core/errors.js';
import type { Operation } from '../core/operation.js';

/** What the user asked to be checked, as given. */
export interface SelectionInput {
  readonly checks: readonly string[] | null;
  readonly excludeChecks: readonly string[];
  readonly include: readonly Filter[];
  readonly exclude: readonly Filter[];
  readonly shard: { readonly index: number; readonly of: number } | null;
}

/** One `--include-*` or `--exclude-*`. */
export interface Filter {
  readonly on: 'path' | 'method' | 'tag' | 'operation-id';
  readonly matches: (value: string) => boolean;
}

export interface Selection {
  readonly takes: (operation: Operation) => boolean;
  readonly wants: (check: Check) => boolean;
}

/** Compiles a selection. Throws UsageError on a check nobody knows, with the nearest one. */
export function createSelection(
  input: SelectionInput,
  known: readonly Check[],
  nearest: (word: string, of: readonly string[]) => string | null,
): Selection {
  const ids = known.flatMap(({ id, group }) => [id, group]);
  for (const name of [...(input.checks ?? []), ...input.excludeChecks]) {
    if (ids.includes(name)) continue;
    const hint = nearest(name, ids);
    throw new UsageError(
      `no check or group is called "${name}"${hint === null ? '' : `, did you mean "${hint}"?`} See idem-check list.`,
    );
  }
  const named = ({ id, group }: Check, names: readonly string[]) => names.includes(id) || names.includes(group);
  return {
    wants: check => (input.checks === null || named(check, input.checks)) && !named(check, input.excludeChecks),
    takes: operation =>
      (input.include.length === 0 || input.include.some(filter => fits(filter, operation))) &&
      !input.exclude.some(filter => fits(filter, operation)) &&
      (input.shard === null || shardOf(operation.resource, input.shard.of) === input.shard.index),
  };
}

function fits({ on, matches }: Filter, operation: Operation): boolean {
  switch (on) {
    case 'path':
      return matches(operation.path.split('?')[0] ?? operation.path);
    case 'method':
      return matches(operation.method);
    case 'tag':
      return operation.tags.some(matches);
    case 'operation-id':
      return operation.operationId !== null && matches(operation.operationId);
  }
}

/** The shard (1..of) a resource belongs to: a resource is never split, since its cases share its records. */
function shardOf(resource: string, of: number): number {
  let hash = 0;
  for (const letter of resource) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return (hash % of) + 1;
}
