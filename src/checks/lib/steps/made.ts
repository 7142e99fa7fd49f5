import { idIn, outgoing } from '../../../core/arrange.js';
import type { Subject } from '../../../core/check.js';
import { followed, type FOLLOWING } from '../../../core/follow.js';
import { isSuccess, type Exchange } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import type { Outgoing } from '../../../core/resource.js';
import { withValues, type Scope } from '../../../core/scope.js';
import type { Probe } from '../../../core/step.js';
import { Trouble } from '../../../core/trouble.js';

/** The scope with the id and the captured values of what a create made; `null` for an action or an answer without an id. */
export function madeScope(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  scope: Scope,
  answer: Exchange,
) {
  if (operation.role !== 'create' || !isSuccess(answer)) return null;
  const id = idIn(resource, scope, answer);
  return id === null ? null : withValues(scope, { id, ...operation.capture(answer.response) });
}

/** The same of a create that may only have been accepted: it is followed to its end first. */
export function* finishedScope(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  scope: Scope,
  answer: Exchange,
): Probe<Scope | null, typeof FOLLOWING> {
  if (operation.role !== 'create' || !isSuccess(answer)) return null;
  const { shown, id } = yield* followed({ resource, create: operation, scope }, answer);
  if (id === null || !isSuccess(shown)) return madeScope({ operation, resource }, scope, answer);
  return withValues(scope, { id, ...operation.capture(shown.response) });
}

/** A request that a case can do without: `null` where there is no such operation or it cannot be built. */
export function optional(
  operation: Operation | null,
  scope: Scope | null,
  extras: Parameters<typeof outgoing>[2] = {},
): Outgoing | null {
  if (operation === null || scope === null) return null;
  try {
    return outgoing(operation, scope, extras);
  } catch (error) {
    if (error instanceof Trouble) return null;
    throw error;
  }
}

/** Whether something in the request itself keeps a second one from making a second record: a unique field, or its id. */
export function isNaturallyUnique({ operation, resource }: Pick<Subject, 'operation' | 'resource'>): boolean {
  return (operation.unique?.length ?? 0) > 0 || (operation.role === 'create' && resource.id.from !== null);
}
