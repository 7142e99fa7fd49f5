import type { GroundOperation, GroundResource, Grounds } from '../../core/grounds.js';
import type { HeaderLine, Method } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Action, Gone, Identity, Listing, Resource } from '../../core/resource.js';
import { identityAt } from '../compile/place.js';
import { createSelector } from '../selector.js';

type Contracts = Grounds['contracts'];

/**
 * The resources of the grounds of a report, as far as a judge looks at them; they build samples and no requests. Throws
 * RangeError for what does not go together, and SyntaxError for a pattern that is none.
 */
export function revivedResources({ resources, contracts }: Grounds): readonly Resource[] {
  const written = new Map(resources.map(one => [one.name, one]));
  const done = new Map<string, Resource>();
  const open = new Set<string>();
  const revive = (name: string): Resource => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const one = written.get(name);
    if (one === undefined) throw new RangeError(`there is no resource "${name}"`);
    if (open.has(name)) throw new RangeError(`the resource "${name}" is its own parent`);
    open.add(name);
    const resource = revivedResource(one, one.parents.map(revive), contracts);
    done.set(name, resource);
    return resource;
  };
  return resources.map(({ name }) => revive(name));
}

function revivedResource(written: GroundResource, parents: readonly Resource[], contracts: Contracts): Resource {
  const { name, version, volatile, isCounted, gone } = written;
  const all = written.operations.map(one => ({ one, operation: revivedOperation(one, name, contracts) }));
  const inRole = (role: string) => all.find(({ one }) => one.role === role)?.operation ?? null;
  const list = all.find(({ one }) => one.role === 'list');
  return {
    name,
    parents,
    id: revivedIdentity(written.id),
    create: inRole('create'),
    list: list === undefined ? null : revivedList(list.one, list.operation),
    read: inRole('read'),
    replace: inRole('replace'),
    update: inRole('update'),
    remove: inRole('delete'),
    actions: all.flatMap(({ one, operation }) =>
      one.role.startsWith('action:') ? [revivedAction(one, operation, contracts)] : [],
    ),
    others: all.flatMap(({ one, operation }) => (one.role === 'other' ? [operation] : [])),
    version,
    volatile: volatile.map(createSelector),
    count: isCounted ? { command: () => '' } : null,
    gone: revivedGone(gone),
    setup: [],
    teardown: [],
  };
}

function revivedIdentity({ chosenBy, places }: GroundResource['id']): Identity {
  if (chosenBy === 'server') return identityAt(places);
  return { chosenBy, places, of: () => null, from: () => '', place: response => response };
}

function revivedGone(gone: GroundResource['gone']): Gone {
  if ('value' in gone) return { kind: 'value', value: createSelector(gone.value), equals: gone.equals };
  return { kind: 'status', statuses: gone.statuses };
}

function revivedList({ list }: GroundOperation, operation: Operation): Listing {
  const { items, filtered } = list ?? { items: null, filtered: operation.marked };
  return { operation, items: items === null ? null : createSelector(items), filtered };
}

function revivedAction(written: GroundOperation, operation: Operation, contracts: Contracts): Action {
  const { role, effect, contract } = written;
  const name = role.slice('action:'.length);
  if (effect === undefined) return { name, operation, effect: null };
  const reading = { name: effect.read, role: 'read', contract, payloads: [], unique: null, marked: false } as const;
  const read = revivedOperation(reading, operation.resource, contracts);
  return { name, operation, effect: { read, value: createSelector(effect.value) } };
}

function revivedOperation(written: GroundOperation, resource: string, contracts: Contracts): Operation {
  const { name, role, payloads, unique, marked, samples, documented, operationId, location } = written;
  const contract = contracts[written.contract];
  if (contract === undefined) throw new RangeError(`${name} has contract ${written.contract}, and there is none`);
  const at = name.indexOf(' ');
  // The schema says which words there are.
  const method = name.slice(0, at) as Method;
  const path = name.slice(at + 1);
  return {
    name,
    method,
    path,
    role,
    resource,
    contract,
    payloads: new Set(payloads),
    unique,
    marked,
    documented: documented ?? null,
    tags: [],
    operationId: operationId ?? null,
    location: location ?? null,
    build(_, payload = 'body') {
      const sample = samples?.[payload];
      if (sample === undefined) throw new RangeError(`no sample of "${payload}" was recorded`);
      const headers: readonly HeaderLine[] = sample.contentType === null ? [] : [['content-type', sample.contentType]];
      return { method, path, headers, body: sample.body };
    },
    capture: () => ({}),
  };
}
