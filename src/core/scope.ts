/** A value a template can put into a path, a header or a body. */
export type Value = string | number | boolean | null;

/**
 * The values one attempt's templates are filled from. Fixed for the attempt, so that every request of it that is
 * built from the same template has the same bytes; `marker` occurs in no other attempt, which makes the records it
 * created countable.
 */
export interface Scope {
  readonly marker: string;
  readonly uuid: string;
  readonly int: number;
  readonly now: string;
  /** `id` of the resource itself, `parent.id` of its parents, and captured values. */
  readonly values: Readonly<Record<string, Value>>;
}

/** What the marker of every scope begins with; eight hexadecimal digits follow, the same in all of a run. */
export const MARKER_PREFIX = 'ic-';

/** The same scope with more values. */
export function withValues(scope: Scope, values: Readonly<Record<string, Value>>): Scope {
  return { ...scope, values: { ...scope.values, ...values } };
}
