import { arrange, make, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import type { Operation } from '../../../core/operation.js';
import type { Resource } from '../../../core/resource.js';
import { isThereOnce } from '../../../core/sample.js';
import type { Scope } from '../../../core/scope.js';
import type { Probe } from '../../../core/step.js';
import { settle } from './writing.js';

/** Why an operation is no PUT that stores a resource which can be read back; `null` when it is. */
export function whyNoPut({ operation, resource }: Subject): string | null {
  const { create, read, replace, id } = resource;
  const isCreating = operation.role === 'create' && replace === null;
  if (operation.method !== 'PUT' || (operation.role !== 'replace' && !isCreating)) {
    return 'not a PUT that stores a resource';
  }
  if (read === null) return 'no read operation to see the state with';
  const isPlaced = create !== null || id.from !== null || isThereOnce(resource, operation);
  return isPlaced ? null : 'no create operation to make something to replace';
}

/** A scope in which the PUT has something to replace; where PUT alone makes it, one in which it can. */
export function* placed(operation: Operation, resource: Resource, tools: Tools): Probe<Scope, Making> {
  if (resource.create === null || operation.role === 'create') return yield* arrange(resource, tools);
  const made = yield* make(resource, tools);
  yield* settle(tools);
  return made.scope;
}
