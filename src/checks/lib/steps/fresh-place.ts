import { arrange, make, withOwnId, type Making } from '../../../core/arrange.js';
import { skip, type Skip, type Subject, type Tools } from '../../../core/check.js';
import { type Scope, withValues } from '../../../core/scope.js';
import type { Probe } from '../../../core/step.js';
import { unlike } from '../http/unlike.js';
import type { Putting } from '../racing/lanes.js';
import { sibling } from './stage.js';
import { hasRivals } from './writing.js';

/**
 * A PUT that creates: the create itself; or the replace, where a POST creates, and either the client chooses the id or the
 * document says that PUT answers 201.
 */
export function creatingPut({ operation, resource }: Subject): Putting | Skip {
  const { create, read, id } = resource;
  if (operation.method !== 'PUT') return skip('not a PUT');
  const isOther = operation.role === 'replace' && create?.method !== 'PUT';
  if (operation.role !== 'create' && !isOther) return skip('not a PUT that creates a resource');
  if (isOther && id.from === null && operation.documented?.statuses.includes('201') !== true) {
    return skip('nothing says that PUT creates: no id that the client chooses, no documented 201');
  }
  if (operation.role === 'create' && id.from === null) return skip('the PUT is not to an id that the client chooses');
  if (read === null) return skip('no read operation to see the state with');
  if (!hasRivals(operation)) return skip('no second, different body is known');
  return { operation, resource, read };
}

/** Hands out scopes in which the address of a PUT was never used. */
export type FreshPlaces = () => Scope;

/** Arranges what a PUT to a fresh id needs: its parents; where the server gives the ids, one of them as a pattern. */
export function* freshPlaces({ operation, resource }: Putting, tools: Tools): Probe<FreshPlaces, Making> {
  if (operation.role === 'create' || resource.id.from !== null) {
    const shared = yield* arrange(resource, tools);
    return () => sibling(resource, shared, tools);
  }
  const { scope, id } = yield* make(resource, tools);
  let places = 0;
  return () => {
    const fresh = withOwnId(resource, { ...tools.fresh(), values: scope.values });
    return withValues(fresh, { id: likeButNew(id, fresh, places++) });
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id of the same kind that nobody has: a UUID, a much larger number, else the marker. */
function likeButNew(id: string, { uuid, marker }: Scope, nth: number): string {
  if (UUID.test(id)) return uuid;
  return /^\d+$/.test(id) ? String(BigInt(unlike(id)) + BigInt(nth)) : marker;
}
