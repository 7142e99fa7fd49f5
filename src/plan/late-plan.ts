import type { Scenario } from '../core/check.js';
import type { Contract } from '../core/contract.js';
import type { Case, Plan } from '../core/plan.js';
import type { PlantedKey } from '../core/planted-key.js';

/** Ages at which keys are used again by a later run where nobody names others, seconds. */
const AGES: readonly number[] = [3600, 6 * 3600, 12 * 3600, 24 * 3600, 3 * 86_400, 7 * 86_400];

/** The ages to plant keys for, ascending: below the age that is to be shown, and that age itself. */
export function agesFor({ ttl, ttlFloor }: Contract, goal: number): readonly number[] {
  const most = ttl === 'never' ? Infinity : goal;
  const last = Number.isFinite(most) ? most : Math.max(goal, ttlFloor.warn);
  return [...AGES.filter(age => age < last), last].toSorted((a, b) => a - b);
}

/** The keys that are old enough to be used again, and were not claimed by a run before. */
export function dueAmong(planted: readonly PlantedKey[], nowMs: number): readonly PlantedKey[] {
  return planted.filter(key => key.claimedAt === null && dueMs(key) <= nowMs);
}

/** When the next key is old enough, milliseconds since 1970; `null` = there is none. */
export function nextDueMs(planted: readonly PlantedKey[], nowMs: number): number | null {
  const later = planted.filter(({ claimedAt }) => claimedAt === null).map(dueMs);
  const ahead = later.filter(ms => ms > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/** The cases of a plan with other scenarios; those without one are left out, and nothing is told of what does not apply. */
export function withScenarios(plan: Plan, scenarioOf: (planned: Case) => Scenario | null): Plan {
  const cases = plan.cases.flatMap(planned => {
    const scenario = scenarioOf(planned);
    return scenario === null ? [] : [{ ...planned, scenario }];
  });
  return { cases, omissions: [], resources: plan.resources };
}

function dueMs({ plantedAt, due }: PlantedKey): number {
  return Date.parse(plantedAt) + due * 1000;
}
