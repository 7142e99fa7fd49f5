import { idIn } from '../core/arrange.js';
import { isSuccess, type Exchange } from '../core/http.js';
import type { Outgoing, Resource } from '../core/resource.js';
import { withValues, type Scope } from '../core/scope.js';

/** A record the run created, with the scope its address is built from. */
export interface Created {
  readonly resource: Resource;
  readonly id: string;
  readonly scope: Scope;
}

/** What the run has created and not yet deleted, in the order of creation. */
export interface Ledger {
  /** Takes note of what an exchange created or deleted. */
  readonly observe: (sent: Outgoing, exchange: Exchange) => void;
  /** Takes note of the records a list shows for a scope, when it names them by the ids the run knows. */
  readonly seen: (resource: Resource, scope: Scope, ids: readonly string[]) => void;
  /** Takes over a record of an earlier run, to be deleted by this one. */
  readonly adopt: (record: Created) => void;
  readonly remove: (record: Created) => void;
  readonly all: () => readonly Created[];
}

export function createLedger(resources: readonly Resource[]): Ledger {
  const byName = new Map(resources.map(resource => [resource.name, resource]));
  const records = new Map<string, Created>();
  const keyOf = ({ resource, id, scope }: Created) =>
    JSON.stringify([resource.name, id, ...resource.parents.map(({ name }) => scope.values[`${name}.id`] ?? null)]);

  function add(resource: Resource, scope: Scope, id: string): void {
    const record = { resource, id, scope: withValues(scope, { id }) };
    const key = keyOf(record);
    if (!records.has(key)) records.set(key, record);
  }

  return {
    seen(resource, scope, ids) {
      const isKnown = (id: string) => records.has(keyOf({ resource, id, scope }));
      if (ids.some(isKnown)) ids.forEach(id => add(resource, scope, id));
    },
    observe({ operation, scope }, exchange) {
      const resource = byName.get(operation.resource);
      if (resource === undefined || !isSuccess(exchange)) return;
      const isCreated = exchange.response.status === 201;
      if (operation.role === 'create' || (operation.role === 'replace' && isCreated)) {
        const id =
          idIn(resource, scope, exchange) ?? (operation.role === 'replace' ? textOf(scope.values['id']) : null);
        if (id !== null) add(resource, scope, id);
      }
      if (operation.role === 'delete') {
        const id = textOf(scope.values['id']);
        if (id !== null) records.delete(keyOf({ resource, id, scope }));
      }
    },
    adopt: ({ resource, scope, id }) => add(resource, scope, id),
    remove: record => void records.delete(keyOf(record)),
    all: () => [...records.values()],
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}
