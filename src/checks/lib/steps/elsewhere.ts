import type { Subject, Tools } from '../../../core/check.js';
import type { Exchange } from '../../../core/http.js';
import type { Scope } from '../../../core/scope.js';
import { effects, effectsOf, type Counted, type Probe } from '../../../core/step.js';

/** A first look at the other resources that an operation moves something on (step `elsewhere`); `null` = it moves nothing. */
export function* lookElsewhere(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  scope: Scope,
  { preflight }: Tools,
): Probe<Counted | null, 'elsewhere'> {
  if (preflight.seesElsewhere !== true) return null;
  const counted = { round: 0, resource, operation, scope, seen: [] };
  return { ...counted, since: yield* effects('elsewhere', counted, 'now') };
}

/** Counts what has moved there since, by these requests. */
export function* countElsewhere<const Label extends 'elsewhere once' | 'elsewhere after'>(
  label: Label,
  looked: Counted | null,
  seen: readonly Exchange[],
): Probe<void, Label> {
  if (looked !== null) yield* effectsOf(label, [{ ...looked, seen }]);
}
