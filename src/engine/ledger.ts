import { idIn } from '../core/arrange.js';
import { FOLLOWING } from '../core/follow.js';
import { ownerOf } from '../core/callers.js';
import { isSuccess, type Exchange } from '../core/http.js';
import type { Outgoing, Resource } from '../core/resource.js';
import { withValues, type Scope } from '../core/scope.js';

/** A record the run created, with the scope its address is built from. */
export interface Created {
  readonly resource: Resource;
  readonly id: string;
  readonly scope: Scope;
  /** The caller whose record it is; `undefined` = the target's own. */
  readonly identity: string | undefined;
}

/** A scope in which something was set up, or in which a create got no answer. */
export interface Unsettled {
  readonly resource: Resource;
  readonly scope: Scope;
  /** Who did it; `undefined` = the target's own caller. */
  readonly identity: string | undefined;
}

/** What the run has created and not yet deleted, in the order of creation. */
export interface Ledger {
  /** Takes note of what an exchange created or deleted. */
  readonly observe: (sent: Outgoing, exchange: Exchange) => void;
  /** Takes note of the records a list shows for a scope, when it names them by the ids the run knows. */
  readonly seen: (resource: Resource, scope: Scope, ids: readonly string[], identity?: string) => void;
  /** Ids of the records of a resource that were made in other scopes. */
  readonly foreignTo: (resource: Resource, scope: Scope) => readonly string[];
  /** Takes note of records that a whole list showed and that no case touches: they stand until clean-up. */
  readonly stand: (resource: Resource, ids: readonly string[]) => void;
  /** Ids of the records that stand below the parents of a scope, of one caller. */
  readonly standing: (resource: Resource, scope: Scope, identity?: string) => readonly string[];
  /** Takes over a record of an earlier run, to be deleted by this one. */
  readonly adopt: (record: Created) => void;
  readonly remove: (record: Created) => void;
  readonly all: () => readonly Created[];
  /** Creates that went out and got no answer: what they made is not known. */
  readonly lost: () => readonly Unsettled[];
  /** Scopes in which a resource's set-up succeeded, with what it captured. */
  readonly setUps: () => readonly Unsettled[];
  /** Takes note of records found by another way. */
  readonly found: (unsettled: Unsettled, ids: readonly string[]) => void;
}

/** Keeps the ids of records that stand; `isThere` says whether the run has one still. */
function createStanding(isThere: (record: Created) => boolean): Pick<Ledger, 'stand' | 'standing'> {
  const stood = new Map<Resource, Set<string>>();
  const of = (resource: Resource) => stood.get(resource) ?? new Set();
  return {
    stand: (resource, ids) => void stood.set(resource, new Set([...of(resource), ...ids])),
    standing(resource, scope, seenBy) {
      const identity = ownerOf(seenBy);
      return [...of(resource)].filter(id => isThere({ resource, scope, id, identity }));
    },
  };
}

export function createLedger(resources: readonly Resource[]): Ledger {
  const byName = new Map(resources.map(resource => [resource.name, resource]));
  const records = new Map<string, Created>();
  const lost = new Map<string, Unsettled>();
  const setUps = new Map<string, Unsettled>();
  const keyOf = ({ resource, id, scope, identity }: Created) =>
    JSON.stringify([
      identity ?? null,
      resource.name,
      id,
      ...resource.parents.map(({ name }) => scope.values[`${name}.id`] ?? null),
    ]);

  function add(resource: Resource, scope: Scope, id: string, identity: string | undefined): void {
    const record = { resource, id, scope: withValues(scope, { id }), identity };
    const key = keyOf(record);
    if (!records.has(key)) records.set(key, record);
  }

  return {
    seen(resource, scope, ids, seenBy) {
      const identity = ownerOf(seenBy);
      const isKnown = (id: string) => records.has(keyOf({ resource, id, scope, identity }));
      if (ids.some(isKnown)) ids.forEach(id => add(resource, scope, id, identity));
    },
    observe({ operation, scope, identity: sentBy }, exchange) {
      const identity = ownerOf(sentBy);
      const resource = byName.get(operation.resource);
      if (resource === undefined) return;
      if (operation.role === 'create' && exchange.lost !== null && exchange.writtenAtUs !== null) {
        const own = resource.id.from?.(scope) ?? null;
        if (own === null) lost.set(scope.marker, { resource, scope, identity });
        else add(resource, scope, own, identity);
      }
      if (!isSuccess(exchange)) return;
      if (resource.setup.includes(operation)) {
        const captured = operation.capture(exchange.response);
        setUps.set(scope.marker, { resource, scope: withValues(scope, captured), identity });
      }
      const isCreated = exchange.response.status === 201;
      const own = textOf(scope.values['id']);
      if (operation.role === 'create' || (operation.role === 'replace' && isCreated)) {
        const id = idIn(resource, scope, exchange) ?? (operation.role === 'replace' ? own : null);
        if (id !== null) add(resource, scope, id, identity);
      }
      if (own === null) return;
      if (operation.role === 'read' && exchange.step === FOLLOWING) add(resource, scope, own, identity);
      if (operation.role === 'delete') records.delete(keyOf({ resource, id: own, scope, identity }));
    },
    foreignTo: (resource, { marker }) =>
      [...records.values()].flatMap(one => (one.resource === resource && one.scope.marker !== marker ? one.id : [])),
    ...createStanding(record => records.has(keyOf(record))),
    adopt: ({ resource, scope, id, identity }) => add(resource, scope, id, identity),
    remove: record => void records.delete(keyOf(record)),
    all: () => [...records.values()],
    lost: () => [...lost.values()],
    setUps: () => [...setUps.values()],
    found: ({ resource, scope, identity }, ids) => ids.forEach(id => add(resource, scope, id, identity)),
  };
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}
