import { complaintOf } from './complaint.js';
import { followed, type FOLLOWING, type Outcome } from './follow.js';
import { isAnswered, isSuccess, type Exchange } from './http.js';
import { withKey, type Operation, type Payload } from './operation.js';
import { operationsOf, type Outgoing, type Resource } from './resource.js';
import { withValues, type Scope } from './scope.js';
import { send, type Probe } from './step.js';
import { Trouble } from './trouble.js';

/** What arranging needs of a probe's tools. */
export interface Arranger {
  readonly fresh: () => Scope;
  readonly key: () => string;
}

/** A resource that was created for a case. */
export interface Made {
  readonly scope: Scope;
  readonly id: string;
  readonly exchange: Exchange;
}

/**
 * A request of an operation, ready to go out; with an idempotency key when one is given and the operation takes one.
 * Throws Trouble `setup-template` when the scope lacks a value its template needs.
 */
export function outgoing(
  operation: Operation,
  scope: Scope,
  { payload = 'body', key }: { readonly payload?: Payload; readonly key?: string | undefined } = {},
): Outgoing {
  try {
    const request = operation.build(scope, payload);
    return { operation, scope, request: key === undefined ? request : withKey(request, operation.contract, key) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Trouble('setup-template', { operation: operation.name, detail: error.message });
  }
}

/** The labels of the steps that arrange what a case needs before it. */
export type SetUp = `set-up ${string}`;

/** Those of the steps that make a resource. */
export type Making = 'create' | SetUp;

/** A fresh scope in which the parents of a resource exist and its set-up requests were answered with 2xx. */
export function* arrange(resource: Resource, tools: Arranger): Probe<Scope, SetUp> {
  let scope = tools.fresh();
  for (const parent of resource.parents) {
    if (parent.create === null) throw new Trouble('setup-parent-failed', { parent: parent.name, detail: 'no create' });
    const made = yield* createIn(parent, scope, tools, `set-up ${parent.name}`);
    scope = withValues(made.scope, { [`${parent.name}.id`]: made.scope.values['id'] ?? made.id });
  }
  for (const operation of resource.setup) {
    const exchange = yield* send(`set-up ${operation.name}`, outgoing(operation, scope, { key: tools.key() }));
    if (!isSuccess(exchange)) throw refused(operation, exchange);
    scope = withValues(scope, operation.capture(exchange.response));
  }
  return withOwnId(resource, scope);
}

/** Creates a resource, with everything it needs before it. Throws Trouble when the target does not let it. */
export function* make(resource: Resource, tools: Arranger): Probe<Made, Making> {
  const scope = yield* arrange(resource, tools);
  return yield* createIn(resource, scope, tools, 'create');
}

/**
 * Brings a resource into the state an operation needs: the named operations of its own, one after the other. Throws
 * Trouble when one is refused.
 */
export function* ready(
  resource: Resource,
  scope: Scope,
  names: readonly string[],
  tools: Arranger,
): Probe<Scope, SetUp> {
  let readied = scope;
  for (const operation of names.flatMap(name => operationsOf(resource).find(one => one.name === name) ?? [])) {
    const exchange = yield* send(`set-up ${operation.name}`, outgoing(operation, readied, { key: tools.key() }));
    if (!isSuccess(exchange)) throw refused(operation, exchange);
    readied = withValues(readied, operation.capture(exchange.response));
  }
  return readied;
}

/** Creates a resource in a scope where its parents exist. */
function* createIn<const Label extends string>(
  resource: Resource,
  scope: Scope,
  tools: Arranger,
  label: Label,
): Probe<Made, Label | typeof FOLLOWING> {
  const { create } = resource;
  if (create === null) throw new Trouble('setup-parent-failed', { parent: resource.name, detail: 'no create' });
  const own = withOwnId(resource, scope);
  const answer = yield* send(label, outgoing(create, own, { key: tools.key() }));
  return madeBy(resource, create, own, yield* followed({ resource, create, scope: own }, answer));
}

/** What a successful create made. Throws Trouble when it was refused, lost, or names no id. */
function madeBy(resource: Resource, create: Operation, scope: Scope, outcome: Outcome): Made {
  const { shown: exchange } = outcome;
  if (!isSuccess(exchange)) throw refused(create, exchange);
  const id = outcome.id ?? idIn(resource, scope, exchange);
  if (id === null) throw new Trouble('setup-no-id', { operation: create.name });
  const captured = create.capture(exchange.response);
  return { scope: withValues(scope, { id, ...captured }), id, exchange };
}

/** The id a create's answer shows, or the one the client chose; `null` when neither is there. */
export function idIn(resource: Resource, scope: Scope, exchange: Exchange): string | null {
  if (!isSuccess(exchange)) return null;
  const shown = resource.id.of(exchange.response);
  return shown ?? (resource.id.from === null ? null : resource.id.from(scope));
}

/** The scope with the id the client chooses, where it does. */
export function withOwnId(resource: Resource, scope: Scope): Scope {
  return resource.id.from === null ? scope : withValues(scope, { id: resource.id.from(scope) });
}

/** Why a request that had to succeed did not, as Trouble. */
export function refused(operation: Operation, exchange: Exchange): Trouble {
  if (!isAnswered(exchange)) {
    const lost = exchange.lost ?? 'reset';
    return lost === 'refused'
      ? new Trouble('setup-unreachable', { detail: exchange.lostDetail ?? 'connection refused' })
      : new Trouble('setup-lost', { operation: operation.name, lost });
  }
  const { status, headers } = exchange.response;
  if (status === 401 || status === 403) return new Trouble('setup-auth', { status, operation: operation.name });
  if (status === 429) return new Trouble('rate-limited', { status, tries: 1 });
  if (status === 502 || status === 503 || status === 504) return new Trouble('unavailable', { status, tries: 1 });
  if (status >= 300 && status < 400) {
    const to = headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? 'nowhere';
    return new Trouble('setup-redirect', { operation: operation.name, status, to });
  }
  const complaint = complaintOf(operation, exchange.request.body, exchange.response);
  if (complaint !== null) return new Trouble('setup-body-refused', { operation: operation.name, status, ...complaint });
  return new Trouble('setup-create-failed', { operation: operation.name, status });
}
