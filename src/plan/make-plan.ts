import { isSkip, type Check } from '../core/check.js';
import type { Case, Omission, Plan } from '../core/plan.js';
import { operationsOf, type Resource } from '../core/resource.js';
import type { Selection } from './selection.js';

/** Which cases a run has, and why the rest of the catalogue does not apply (pure). */
export function makePlan(resources: readonly Resource[], checks: readonly Check[], selection: Selection): Plan {
  const cases: Case[] = [];
  const omissions: Omission[] = [];
  for (const resource of resources) {
    for (const operation of operationsOf(resource)) {
      if (!selection.takes(operation)) continue;
      for (const check of checks) {
        if (!selection.wants(check)) continue;
        for (const variant of check.variants) {
          const id = `${operation.name}#${check.id}${variant === null ? '' : `:${variant}`}`;
          const scenario = check.plan({ operation, resource, resources }, variant);
          const common = { id, check, variant, operation, resource };
          if (isSkip(scenario)) omissions.push({ ...common, reason: scenario.skip });
          else cases.push({ ...common, scenario });
        }
      }
    }
  }
  const once = uniqueById(cases);
  const planned = new Set(once.map(({ id }) => id));
  return {
    cases: once,
    omissions: uniqueById(omissions.filter(({ id }) => !planned.has(id))),
    resources: resources.filter(({ name }) => cases.some(({ resource }) => resource.name === name)),
  };
}

function uniqueById<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map(item => [item.id, item])).values()];
}
