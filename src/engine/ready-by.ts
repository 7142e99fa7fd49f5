import { make, type Arranger } from '../core/arrange.js';
import { isSuccess, statusOf, type Exchange } from '../core/http.js';
import type { Operation } from '../core/operation.js';
import type { Resource } from '../core/resource.js';
import { withValues, type Scope } from '../core/scope.js';
import { send, type Probe } from '../core/step.js';
import { buildable } from './buildable.js';

/** Other actions of a resource that are tried before one that its state does not permit yet. */
const MOST_TRIED = 8;

/** Whether an answer may say that the state of the resource does not permit the operation. */
export function isTooEarly(exchange: Exchange): boolean {
  return [409, 422].includes(statusOf(exchange) ?? 0);
}

/**
 * Finds which actions of a resource must come before one that a new resource does not permit (a withdrawal needs a
 * deposit): each other action by itself, on a fresh resource; then all that succeed, one after the other. `null` when
 * none of this helps.
 */
export function* findReadyBy(
  operation: Operation,
  resource: Resource,
  tools: Arranger,
): Probe<readonly string[] | null> {
  const others = resource.actions
    .map(action => action.operation)
    .filter(({ name }) => name !== operation.name)
    .slice(0, MOST_TRIED);
  for (const other of others) {
    const { scope } = yield* make(resource, tools);
    const readied = yield* done(other, scope, tools);
    if (readied !== null && (yield* done(operation, readied, tools)) !== null) return [other.name];
  }
  return others.length < 2 ? null : yield* inARow(operation, others, resource, tools);
}

/** All that succeed, in as many turns as bring the state further, until the operation is permitted. */
function* inARow(
  operation: Operation,
  others: readonly Operation[],
  resource: Resource,
  tools: Arranger,
): Probe<readonly string[] | null> {
  let { scope } = yield* make(resource, tools);
  const before: string[] = [];
  let rest = others;
  while (rest.length > 0) {
    const refused: Operation[] = [];
    for (const other of rest) {
      const readied = yield* done(other, scope, tools);
      if (readied === null) {
        refused.push(other);
        continue;
      }
      scope = readied;
      before.push(other.name);
      if (before.length > 1 && (yield* done(operation, scope, tools)) !== null) return before;
    }
    if (refused.length === rest.length) return null;
    rest = refused;
  }
  return null;
}

/** The scope after an operation succeeded; `null` when it cannot be sent, or was refused. */
function* done(operation: Operation, scope: Scope, tools: Arranger): Probe<Scope | null> {
  const request = buildable(operation, scope, { key: tools.key() });
  if (request === null) return null;
  const exchange = yield* send('preflight ready', request);
  return isSuccess(exchange) ? withValues(scope, operation.capture(exchange.response)) : null;
}
