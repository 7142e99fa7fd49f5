import { isSkip, type Check } from '../core/check.js';
import type { Case, Omission, Plan } from '../core/plan.js';
import { operationsOf, type Resource } from '../core/resource.js';
import { HOOKS, type Spec } from '../core/spec.js';
import type { Selection } from './selection.js';

/** What of a spec decides which checks apply. */
export interface Ground extends Pick<Spec, 'resources' | 'identities' | 'hooks' | 'store'> {
  /** The run's own requests carry a credential. */
  readonly isAuthenticated: boolean;
}

/** Which cases a run has, and why the rest of the catalogue does not apply (pure). */
export function makePlan(ground: Ground, checks: readonly Check[], selection: Selection): Plan {
  const { resources } = ground;
  const around = {
    resources,
    identities: Object.keys(ground.identities),
    isAuthenticated: ground.isAuthenticated,
    hooks: new Set(HOOKS.filter(name => ground.hooks[name] !== undefined)),
    hasStore: ground.store !== null,
  };
  const nameOf = resultNames();
  const cases: Case[] = [];
  const omissions: Omission[] = [];
  for (const resource of resources) {
    for (const operation of operationsOf(resource)) {
      if (!selection.takes(operation)) continue;
      for (const check of checks) {
        if (!selection.wants(check)) continue;
        for (const variant of check.variants) {
          const id = nameOf(`${operation.name}#${check.id}${variant === null ? '' : `:${variant}`}`, resource);
          const scenario = check.plan({ operation, resource, ...around }, variant);
          const common = { id, check, variant, operation, resource };
          if (isSkip(scenario)) omissions.push({ ...common, reason: scenario.skip });
          else cases.push({ ...common, scenario });
        }
      }
    }
  }
  // One operation may have two roles in its resource (PUT that creates and replaces): a check has one word on it.
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

/** Gives the results of an operation that two resources share an id each: the later ones carry `@resource`. */
function resultNames(): (id: string, resource: Resource) => string {
  const owners = new Map<string, string>();
  return (id, { name }) => {
    const owner = owners.get(id) ?? name;
    owners.set(id, owner);
    return owner === name ? id : `${id}@${name}`;
  };
}
