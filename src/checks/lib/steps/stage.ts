import { arrange, make, outgoing, ready, withOwnId, type Making } from '../../../core/arrange.js';
import { skip, type Skip, type Subject, type Tools } from '../../../core/check.js';
import { isSuccess } from '../../../core/http.js';
import type { Operation } from '../../../core/operation.js';
import { operationsOf, type Outgoing, type Resource } from '../../../core/resource.js';
import { withValues, type Scope } from '../../../core/scope.js';
import { later, send, type Probe } from '../../../core/step.js';

/** Whether the subject is an operation that makes something happen anew: a create, or an action. */
export function actsAnew({ operation }: Subject): boolean {
  return operation.role === 'create' || operation.role.startsWith('action:');
}

/** What most checks of keys take: an operation that makes something happen anew, and takes a key. */
export function keyedSubject(subject: Subject): Subject | Skip {
  if (!actsAnew(subject)) return skip('not an operation that creates or acts');
  return subject.operation.contract.key === null ? skip('takes no idempotency key') : subject;
}

/**
 * A scope in which the operation can be sent: its parents exist, and for anything but a create its resource too,
 * readable, in a state that permits it.
 */
export function* stage(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  tools: Tools,
): Probe<Scope, Making> {
  if (operation.role === 'create') return yield* arrange(resource, tools);
  const { scope, exchange } = yield* make(resource, tools);
  // An effect is counted from a first reading: the resource must be there to be read.
  const { lagMs, readyBy = [], operation: known } = tools.preflight;
  if (lagMs > 0) yield* later('visible', 3 * lagMs, exchange.endAtUs);
  if (readyBy.length === 0 || known !== operation.name) return scope;
  const readied = yield* ready(resource, scope, readyBy, tools);
  if (lagMs > 0) yield* later('visible', 3 * lagMs);
  return readied;
}

/** How often a state is readied for two requests of about the size of the one it was readied for. */
const ENOUGH_FOR_TWO = 3;

/**
 * A stage on which the operation can be sent twice, where the API lets it: what readies the state for it (a deposit for a
 * withdrawal) is done more than once, until that is refused.
 */
export function* stageForTwo(subject: Pick<Subject, 'operation' | 'resource'>, tools: Tools): Probe<Scope, Making> {
  let scope = yield* stage(subject, tools);
  const { lagMs, readyBy } = tools.preflight;
  if (!isReadied(subject.operation, tools)) return scope;
  const known = operationsOf(subject.resource);
  const helpers = (readyBy ?? []).flatMap(name => known.find(one => one.name === name) ?? []);
  for (let times = 1; times < ENOUGH_FOR_TWO; times++) {
    for (const helper of helpers) {
      const exchange = yield* send(`set-up ${helper.name}`, outgoing(helper, scope, { key: tools.key() }));
      if (!isSuccess(exchange)) return scope;
      scope = withValues(scope, helper.capture(exchange.response));
    }
  }
  if (lagMs > 0) yield* later('visible', 3 * lagMs);
  return scope;
}

/** Whether other actions must come before an operation, as its preflight found. */
export function isReadied({ role, name }: Operation, { preflight }: Pick<Tools, 'preflight'>): boolean {
  return role !== 'create' && (preflight.readyBy ?? []).length > 0 && preflight.operation === name;
}

/** A scope with the parents of another one, and a new marker, uuid, int and client-chosen id. */
export function sibling(resource: Resource, scope: Scope, tools: Tools): Scope {
  const inherited = Object.fromEntries(Object.entries(scope.values).filter(([name]) => name !== 'id'));
  return withOwnId(resource, { ...tools.fresh(), values: inherited });
}

/** A safe request that warms a connection up: the list, else the resource itself; `null` when neither can be built. */
export function warmUp({ list, read }: Resource, scope: Scope): Outgoing | null {
  if (list !== null && list.operation.method === 'GET') return outgoing(list.operation, scope);
  if (read !== null && 'id' in scope.values) return outgoing(read, scope);
  return null;
}
