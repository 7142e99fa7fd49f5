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
  const ids = ['id', ...parents.map(({ name }) => `${name}.id`)].map(name => [name, '0']);
  const scope: Scope = { marker: 'm', uuid: 'u', int: 0, now: '', values: Object.fromEntries(ids) };
  try {
    return operation.build(scope, payload);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
