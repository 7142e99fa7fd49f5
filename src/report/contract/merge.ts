import type { Result } from '../../core/report.js';
import {
  isLifetime,
  TRAIT_NAMES,
  type Lifetime,
  type Trait,
  type TraitName,
  type TraitValue,
} from '../../core/trait.js';
import { groupBy } from '../group-by.js';

/** The traits one operation showed, each once, in the order in which they are told. */
export interface OperationTraits {
  readonly operation: string;
  /** The first resource it was seen with. */
  readonly resource: string;
  readonly traits: readonly Trait[];
}

/** What each operation showed. A trait that showed itself in two ways on one operation is not known. */
export function traitsByOperation(results: readonly Result[]): readonly OperationTraits[] {
  return [...groupBy(results, ({ operation }) => operation)].flatMap(([operation, own]) => {
    const byName = groupBy(
      own.flatMap(({ traits = [] }) => traits),
      ({ name }) => name,
    );
    const traits = TRAIT_NAMES.flatMap(name => {
      const value = agreed((byName.get(name) ?? []).map(one => one.value));
      const exchanges = (byName.get(name) ?? []).flatMap(one => one.exchanges);
      return value === null ? [] : [{ name, value, exchanges: [...new Set(exchanges)].toSorted((a, b) => a - b) }];
    });
    return traits.length === 0 ? [] : [{ operation, resource: own[0]?.resource ?? '', traits }];
  });
}

/** What holds on every operation on which it was seen. */
export function mergedTraits(
  operations: readonly OperationTraits[],
): readonly { readonly name: TraitName; readonly value: TraitValue; readonly operations: readonly string[] }[] {
  return TRAIT_NAMES.flatMap(name => {
    const holders = operations.filter(({ traits }) => traits.some(trait => trait.name === name));
    const value = agreed(
      holders.flatMap(({ traits }) => traits.filter(trait => trait.name === name)).map(t => t.value),
    );
    return value === null ? [] : [{ name, value, operations: holders.map(({ operation }) => operation) }];
  });
}

/** The one value all of them are; lifetimes that can be the same one are what they all allow. `null` where they differ. */
function agreed(values: readonly TraitValue[]): TraitValue | null {
  const [first] = values;
  if (first === undefined) return null;
  if (isLifetime(first)) {
    const lifetimes = values.filter(isLifetime);
    const isOne =
      lifetimes.length === values.length && lifetimes.every(one => lifetimes.every(two => areOne(one, two)));
    return isOne ? widest(lifetimes) : null;
  }
  const texts = new Set(values.map(value => JSON.stringify(isLifetime(value) ? value : value.map(String).toSorted())));
  return texts.size === 1 ? first : null;
}

/** Whether both can be seen of one lifetime. */
export function areOne(one: Lifetime, two: Lifetime): boolean {
  return one.atLeast < (two.below ?? Infinity) && two.atLeast < (one.below ?? Infinity);
}

/** What holds of each: the shortest that was seen to hold, and an end only where each was seen to end. */
function widest(lifetimes: readonly Lifetime[]): Lifetime {
  const ends = lifetimes.map(({ below }) => below ?? Infinity);
  const end = Math.max(...ends);
  return { atLeast: Math.min(...lifetimes.map(({ atLeast }) => atLeast)), below: end === Infinity ? null : end };
}
