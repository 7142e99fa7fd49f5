import { outgoing } from '../core/arrange.js';
import type { Operation } from '../core/operation.js';
import type { Outgoing } from '../core/resource.js';
import type { Scope } from '../core/scope.js';
import { Trouble } from '../core/trouble.js';

/** A request of an operation; `null` where the scope lacks what its template needs. */
export function buildable(
  operation: Operation,
  scope: Scope,
  extras: Parameters<typeof outgoing>[2] = {},
): Outgoing | null {
  try {
    return outgoing(operation, scope, extras);
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}
