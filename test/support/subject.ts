import { isSkip, type Check, type Scenario, type Subject } from '../../src/core/check.js';
import type { Contract } from '../../src/core/contract.js';
import type { Method, Response } from '../../src/core/http.js';
import type { Operation, Role } from '../../src/core/operation.js';
import type { Resource, Selector } from '../../src/core/resource.js';
import type { Scope } from '../../src/core/scope.js';

/** The lenient default contract, with a key in a header. */
export const keyed: Contract = {
  profile: 'ietf',
  profileChosen: false,
  key: { in: 'header', name: 'Idempotency-Key', required: null, form: 'raw' },
  ttl: 'unknown',
  ttlFloor: { fail: 30, warn: 86_400 },
  inflight: { statuses: [409, 425, 423, 429], mayWait: true },
  mismatch: { statuses: [422, 400, 409], action: null, promised: false },
  missing: { statuses: [400] },
  replayMode: 'unknown',
  replayStatuses: [],
  errorsStored: null,
  marker: null,
  scope: null,
  deleteMissing: null,
  etag: { mismatch: [412], missing: null, comparison: 'strong' },
  inflightTimeout: 60,
  firstSentHeader: null,
  mismatchCodes: null,
};

/** The same without a key. */
export const keyless: Contract = { ...keyed, key: null };

/** An operation that builds `{"amount":1,"reference":"<marker>"}`, or amount 2 as its variant. */
export function operation(method: Method, path: string, role: Role, overrides: Partial<Operation> = {}): Operation {
  const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return {
    name: `${method} ${path.split('?')[0] ?? path}`,
    method,
    path,
    role,
    resource: 'order',
    contract: keyed,
    payloads: new Set(hasBody ? ['body', 'changed'] : ['body']),
    unique: null,
    marked: hasBody,
    documented: null,
    tags: [],
    operationId: null,
    location: null,
    build: (scope: Scope, payload = 'body') => ({
      method,
      path: path
        .replace('{id}', encodeURIComponent(String(scope.values['id'] ?? '')))
        .replace('{{marker}}', scope.marker),
      headers: hasBody ? [['content-type', 'application/json']] : [],
      body: hasBody ? JSON.stringify({ amount: payload === 'changed' ? 2 : 1, reference: scope.marker }) : null,
    }),
    capture: () => ({}),
    ...overrides,
  };
}

/** A selector for one top-level member. */
export function member(name: string): Selector {
  const inside = (value: unknown): readonly unknown[] =>
    typeof value === 'object' && value !== null && name in value ? [(value as Record<string, unknown>)[name]] : [];
  return {
    text: `$.${name}`,
    in: inside,
    all: response => {
      try {
        return inside(JSON.parse(response.body));
      } catch {
        return [];
      }
    },
    place: (document, value) => {
      document[name] = value;
    },
  };
}

/** An orders resource with every operation. */
export function resource(overrides: Partial<Resource> = {}): Resource {
  const id = member('id');
  return {
    name: 'order',
    parents: [],
    id: {
      chosenBy: 'server',
      of: (response: Response) => {
        const [value] = id.all(response);
        return value === undefined ? null : String(value);
      },
      from: null,
      place: (response, value) => ({ ...response, body: JSON.stringify({ id: value }) }),
    },
    create: operation('POST', '/orders', 'create'),
    list: { operation: operation('GET', '/orders?reference={{marker}}', 'list'), items: null, filtered: true },
    read: operation('GET', '/orders/{id}', 'read'),
    replace: operation('PUT', '/orders/{id}', 'replace'),
    update: operation('PATCH', '/orders/{id}', 'update'),
    remove: operation('DELETE', '/orders/{id}', 'delete'),
    actions: [],
    others: [],
    version: null,
    volatile: [],
    count: null,
    gone: { kind: 'status', statuses: [404, 410] },
    setup: [],
    teardown: [],
    ...overrides,
  };
}

/** A subject of a test: an operation within its resource. */
export function subject(of: Operation | null, within: Resource = resource()): Subject {
  if (of === null) throw new Error('the resource has no such operation');
  return {
    operation: of,
    resource: within,
    resources: [within],
    identities: [],
    isAuthenticated: false,
    hooks: new Set(),
  };
}

/** The scenario of a check that must apply. */
export function scenarioOf(check: Check, on: Subject, variant: string | null = null): Scenario {
  const planned = check.plan(on, variant);
  if (isSkip(planned)) throw new Error(`${check.id} does not apply to ${on.operation.name}: ${planned.skip}`);
  return planned;
}
