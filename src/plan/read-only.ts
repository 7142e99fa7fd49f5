import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import type { Spec } from '../core/spec.js';

/** The spec without anything that writes: what is left is read in records that are there already (pure). */
export function readOnly(spec: Spec): Spec {
  const done = new Map<Resource, Resource>();
  const safe = (resource: Resource): Resource => {
    const known = done.get(resource);
    if (known !== undefined) return known;
    const made: Resource = {
      ...resource,
      parents: resource.parents.map(safe),
      create: null,
      list: resource.list !== null && isSafe(resource.list.operation) ? resource.list : null,
      replace: null,
      update: null,
      remove: null,
      actions: [],
      others: resource.others.filter(isSafe),
      setup: [],
      teardown: [],
    };
    done.set(resource, made);
    return made;
  };
  return {
    ...spec,
    resources: spec.resources.map(safe),
    setup: spec.setup.filter(isSafe),
    teardown: spec.teardown.filter(isSafe),
  };
}

function isSafe({ method }: Operation): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
