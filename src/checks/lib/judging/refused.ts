import type { Exchange } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { changesBetween, restlessPaths } from '../http/state.js';
import { fieldsIn, isAlike, isFieldAt, isTimeField, isVersionField } from '../json/fields.js';
import type { Difference } from '../json/json.js';

/**
 * What changed around a write that was refused: `taken`, a place that now shows what the write says; `touched`, one the
 * write names and that shows something else; `other`, one it does not name. Versions and times are left out.
 */
export interface Aftermath {
  readonly taken: readonly Difference[];
  readonly touched: readonly Difference[];
  readonly other: readonly Difference[];
}

/** What a refused write left behind, by two reads before it and one after it; `null` when they cannot be compared. */
export function aftermathOf(
  resource: Pick<Resource, 'volatile'>,
  refused: Exchange,
  [early, state]: readonly [Exchange | undefined, Exchange | undefined],
  after: Exchange | undefined,
): Aftermath | null {
  const restless = restlessPaths(resource, early, state);
  const changes = changesBetween(state, after, restless);
  if (changes === null || (changes.length === 0 && restless.includes('$'))) return null;
  const written = fieldsIn(refused.request);
  const real = changes.filter(({ path }) => !isVersionField(path) && !isTimeField(path));
  const isTaken = ({ path, after: now }: Difference) =>
    path === '$'
      ? now === refused.request.body
      : written.some(leaf => isFieldAt(leaf.path, path) && isAlike(leaf.value, now));
  const isNamed = ({ path }: Difference) => written.some(leaf => isFieldAt(leaf.path, path));
  const left = real.filter(change => !isTaken(change));
  return { taken: real.filter(isTaken), touched: left.filter(isNamed), other: left.filter(change => !isNamed(change)) };
}

/** A value of a state as a message shows it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)).slice(0, 60);
}
