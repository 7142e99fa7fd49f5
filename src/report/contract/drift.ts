import type { Drift, RecordedContract, RecordedTraits } from '../../core/observed-contract.js';
import type { Result } from '../../core/report.js';
import { isLifetime, TRAIT_NAMES, type Trait, type TraitName, type TraitValue } from '../../core/trait.js';
import { fail, note } from '../../core/verdict.js';
import { areOne, type OperationTraits } from './merge.js';
import { CONTRACT_DRIFT } from './drift-check.js';
import { listed, says } from './words.js';

/** What is seen now, held against what is recorded: for the report, and as results, one for each operation. */
export function driftFrom(
  recorded: RecordedContract,
  operations: readonly OperationTraits[],
): { readonly drift: Drift; readonly results: readonly Result[] } {
  const compared = operations.map(now => comparedWith(recordFor(recorded, now.operation), now));
  const isSeen = new Set(operations.map(({ operation }) => bare(operation)));
  const gone = [...(recorded.operations ?? [])].filter(([operation]) => !isSeen.has(bare(operation)));
  const unseen = [
    ...compared.map(({ operation, unseen: names }) => ({ operation, names })),
    ...gone.map(([operation, traits]) => ({ operation, names: namesIn(traits) })),
  ];
  const drift: Drift = {
    file: recorded.file,
    drifts: compared.flatMap(({ operation, drifted }) =>
      drifted.map(({ trait, record }) => ({
        operation,
        name: trait.name,
        recorded: record.value,
        now: trait.value,
        result: idOf(operation),
      })),
    ),
    held: compared.reduce((sum, { held }) => sum + held.length, 0),
    unseen: unseen.filter(({ names }) => names.length > 0),
    unrecorded: compared
      .map(({ operation, unrecorded: names }) => ({ operation, names }))
      .filter(({ names }) => names.length > 0),
  };
  return { drift, results: compared.flatMap(resultFor) };
}

/** Without a list of operations the file speaks of all of them; with one, of those it lists. */
function recordFor({ traits, operations }: RecordedContract, operation: string): RecordedTraits {
  if (operations === null) return traits;
  return [...operations].find(([name]) => bare(name) === bare(operation))?.[1] ?? {};
}

/** An operation without the names of its parameters, which are no part of the contract. */
function bare(operation: string): string {
  return operation.replaceAll(/\{[^{}]*\}/g, '{}');
}

interface Compared {
  readonly operation: string;
  readonly resource: string;
  readonly drifted: readonly { readonly trait: Trait; readonly record: NonNullable<RecordedTraits[TraitName]> }[];
  readonly held: readonly TraitName[];
  readonly unseen: readonly TraitName[];
  readonly unrecorded: readonly TraitName[];
}

function comparedWith(record: RecordedTraits, { operation, resource, traits }: OperationTraits): Compared {
  const both = traits.flatMap(trait => {
    const own = record[trait.name];
    return own === undefined ? [] : [{ trait, record: own, isHeld: isKept(trait.name, own.value, trait.value) }];
  });
  const names = new Set(traits.map(({ name }) => name));
  return {
    operation,
    resource,
    drifted: both.filter(({ isHeld }) => !isHeld),
    held: both.filter(({ isHeld }) => isHeld).map(({ trait }) => trait.name),
    unseen: namesIn(record).filter(name => !names.has(name)),
    unrecorded: [...names].filter(name => record[name] === undefined),
  };
}

function namesIn(record: RecordedTraits): readonly TraitName[] {
  return TRAIT_NAMES.filter(name => record[name] !== undefined);
}

/** Whether what is seen now can be what was recorded: each word of it is, and one lifetime explains both. */
export function isKept(name: TraitName, recorded: TraitValue, now: TraitValue): boolean {
  if (isLifetime(recorded) || isLifetime(now)) return isLifetime(recorded) && isLifetime(now) && areOne(recorded, now);
  return now.every(one => recorded.some(known => isSame(name, known, one)));
}

function isSame(name: TraitName, recorded: string | number, now: string | number): boolean {
  const [one, two] = [String(recorded), String(now)].map(text => text.toLowerCase());
  if (one === two) return true;
  // A marker without a value is recorded by its name alone.
  if (name !== 'marker' || one === undefined || two === undefined) return false;
  const [first, second] = [one, two].map(text => text.split(':')[0]);
  return first === second && (!one.includes(':') || !two.includes(':'));
}

function resultFor({ operation, resource, drifted, held, unseen }: Compared): readonly Result[] {
  if (drifted.length === 0 && held.length === 0) return [];
  const findings = drifted.map(({ trait, record }) =>
    fail(
      'drifted',
      { name: trait.name, recorded: says(trait.name, record.value), now: says(trait.name, trait.value) },
      trait.exchanges.map(n => ({ n })),
      { at: record.location },
    ),
  );
  const notes = [
    held.length > 0 && note('held', { names: listed(held, 'and') }),
    unseen.length > 0 && note('unseen', { names: listed(unseen, 'and') }),
  ];
  return [
    {
      id: idOf(operation),
      check: CONTRACT_DRIFT.id,
      variant: null,
      operation,
      resource,
      verdict: findings.length > 0 ? 'fail' : 'pass',
      severity: CONTRACT_DRIFT.severity,
      basis: CONTRACT_DRIFT.basis,
      oracleKind: 'none',
      reason: null,
      reasonArgs: {},
      findings,
      notes: notes.filter(one => one !== false),
      exchanges: [...new Set(findings.flatMap(({ exchanges }) => exchanges))].toSorted((a, b) => a - b),
      readings: [],
      location: findings[0]?.location ?? null,
      durationMs: 0,
    },
  ];
}

function idOf(operation: string): string {
  return `${operation}#${CONTRACT_DRIFT.id}`;
}
