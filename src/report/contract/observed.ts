import type { RecordedContract, ReportContract, Resembling } from '../../core/observed-contract.js';
import type { Result } from '../../core/report.js';
import type { Traits } from '../../core/trait.js';
import type { Redaction } from '../redact.js';
import { driftFrom } from './drift.js';
import { mergedTraits, traitsByOperation } from './merge.js';
import { says } from './words.js';

/** What a report of the observed contract needs from outside. */
export interface ContractContext {
  /** The contract of an earlier run; `null` = none is given. */
  readonly recorded: RecordedContract | null;
  readonly resembling: Resembling;
}

/** The contract that the results of a run show, and the results of holding it against a recorded one. */
export function observedContract(
  results: readonly Result[],
  { recorded, resembling }: ContractContext,
  { text }: Pick<Redaction, 'text'>,
): { readonly contract: ReportContract; readonly results: readonly Result[] } {
  const operations = traitsByOperation(results).map(one => ({
    ...one,
    // A marker is made of what the target sent.
    traits: one.traits.map(trait =>
      trait.name === 'marker' && Array.isArray(trait.value)
        ? { ...trait, value: trait.value.map(word => text(String(word))) }
        : trait,
    ),
  }));
  const merged = mergedTraits(operations);
  const traits: Traits = Object.fromEntries(merged.map(({ name, value }) => [name, value]));
  const held = recorded === null ? null : driftFrom(recorded, operations);
  return {
    contract: {
      traits: merged.map(({ name, value, operations: on }) => ({
        name,
        value,
        says: says(name, value),
        operations: on,
      })),
      operations: operations.map(({ operation, traits: own }) => ({
        operation,
        traits: own.map(({ name, value, exchanges }) => ({ name, value, says: says(name, value), exchanges })),
      })),
      resembles: resembling(traits),
      drift: held?.drift ?? null,
    },
    results: held?.results ?? [],
  };
}
