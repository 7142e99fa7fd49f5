import type { Check, Subject } from '../../src/core/check.js';
import type { Evidence } from '../../src/core/evidence.js';
import type { TraitName, TraitValue } from '../../src/core/trait.js';
import { scenarioOf } from './subject.js';

/** What a check sees of the contract in some evidence, by trait. */
export function traitsIn(
  check: Check,
  on: Subject,
  evidence: Evidence,
  variant: string | null = null,
): Readonly<Partial<Record<TraitName, TraitValue>>> {
  const scenario = scenarioOf(check, on, variant);
  const traits = scenario.observe?.(evidence, scenario.judge(evidence)) ?? [];
  const known = new Set(evidence.exchanges.map(({ n }) => n));
  const unproven = traits.filter(({ exchanges }) => exchanges.length === 0 || !exchanges.every(n => known.has(n)));
  if (unproven.length > 0) throw new Error(`nothing proves ${unproven.map(({ name }) => name).join(', ')}`);
  return Object.fromEntries(traits.map(({ name, value }) => [name, value]));
}
