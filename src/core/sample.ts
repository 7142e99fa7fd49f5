import type { Request } from './http.js';
import type { Operation, Payload } from './operation.js';
import type { Resource } from './resource.js';
import type { Scope } from './scope.js';

/**
 * What an operation would send, filled with stand-ins: to see its shape before anything exists. `null` where it needs a
 * value that only an earlier answer gives, and for a payload it has not.
 */
export function sampleOf(
  operation: Operation,
  { parents }: Pick<Resource, 'parents'>,
  payload: Payload = 'body',
): Request | null {
  return built(operation, ['id', ...parents.map(({ name }) => `${name}.id`)], payload);
}

/** Whether a resource is there once below its parents, with no id of its own and no create (`/wallets/{id}/membership`). */
export function isThereOnce({ create, parents }: Pick<Resource, 'create' | 'parents'>, operation: Operation): boolean {
  const ids = parents.map(({ name }) => `${name}.id`);
  return create === null && parents.length > 0 && built(operation, ids, 'body') !== null;
}

function built(operation: Operation, ids: readonly string[], payload: Payload): Request | null {
  const values = Object.fromEntries(ids.map(name => [name, '0']));
  const scope: Scope = { marker: 'm', uuid: 'u', int: 0, now: '', values };
  try {
    return operation.build(scope, payload);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
