import type { Act, Behaviour } from '../behaviour.js';
import { strongMatch } from '../entity-tags.js';
import { conditions, type Incoming } from '../incoming.js';
import { keyed } from '../key-layer.js';
import { page, wantedIn } from '../paging.js';
import { visible } from '../reading.js';
import type { Item, Members } from '../records.js';
import { empty, type MaybeReply, type Reply } from '../reply.js';
import type { Route } from '../routes.js';
import type { World } from '../world.js';
import { notFound, preconditionFailed } from '../writing.js';
import { draftOf, type Fields } from './fields.js';
import { textIn } from './items.js';

/** A collection of the shop. */
export interface Shelf {
  /** Path of the collection; `:id` in it is that of the record above. */
  readonly path: string;
  /** The member that names the record above. */
  readonly above?: string;
  readonly fields: Fields;
  /** Member that a list can be asked for. */
  readonly filter: string;
  /** Members that nobody gives. */
  readonly begins?: Members;
  /** Why a record cannot be made as things are. */
  readonly refusal?: (members: Members) => Reply | null;
  /** What making a record does to others. */
  readonly made?: (item: Item) => void;
  /** What taking it away does to others, and whether that is due. */
  readonly removed?: (item: Item) => void;
  readonly isDue?: (item: Item) => boolean;
  readonly actions?: Readonly<Record<string, Action>>;
}

/** Something that can be done to a record, by POST to a path below it. */
export interface Action {
  readonly fields?: Fields;
  readonly act: (item: Item, said: Members) => Omit<Act, 'method' | 'id'>;
}

/** The name of a record's own id in the paths of its collection. */
function ownId(path: string): 'id' | 'own' {
  return path.includes(':id') ? 'own' : 'id';
}

/** The routes of a collection: create, list, read, delete, and its actions. */
export function shelfRoutes(shelf: Shelf, world: World, behaviour: Behaviour): readonly Route[] {
  const { path, actions = {} } = shelf;
  const one = `${path}/:${ownId(path)}`;
  const list: Route = { method: 'GET', path, handle: request => listed(request, shelf, world, behaviour) };
  return [
    { method: 'POST', path, handle: request => create(request, shelf, world, behaviour) },
    ...(world.choices.list ? [list] : []),
    { method: 'GET', path: one, handle: request => read(request, shelf, world, behaviour) },
    { method: 'DELETE', path: one, handle: request => remove(request, shelf, world, behaviour) },
    ...Object.entries(actions).map(([name, action]): Route => ({
      method: 'POST',
      path: `${one}/${name}`,
      handle: request => done(request, shelf, action, world, behaviour),
    })),
  ];
}

/** The path of a collection, as the request names the record above. */
function placeOf({ path }: Shelf, { params }: Incoming): string {
  return path.replace(':id', encodeURIComponent(params['id'] ?? ''));
}

/** The record of a request, living or gone; `undefined` where there never was one. */
function itemOf(request: Incoming, shelf: Shelf, { items }: World): Item | undefined {
  const id = request.params[ownId(shelf.path)] ?? '';
  const item = items.get(id) ?? items.deleted(id);
  return item?.at === placeOf(shelf, request) ? item : undefined;
}

function listed(request: Incoming, shelf: Shelf, world: World, behaviour: Behaviour): Reply {
  const wanted = wantedIn(request, shelf.filter, world);
  const at = placeOf(shelf, request);
  const isWanted = (item: Item) => item.at === at && (wanted === null || textIn(item, shelf.filter) === wanted);
  return page(
    request,
    world.items.all().filter(item => isWanted(item) && visible(world, item) !== undefined),
    world,
    behaviour,
  );
}

function create(request: Incoming, shelf: Shelf, world: World, behaviour: Behaviour): Promise<Reply> {
  const at = placeOf(shelf, request);
  return keyed(request, world, behaviour, async () => {
    const draft = draftOf(shelf.fields, request.body);
    if (draft.refusal !== null) return draft.refusal;
    const above = request.params['id'];
    if (above !== undefined && world.items.get(above) === undefined) return notFound();
    const given = { ...draft.value, ...(shelf.above === undefined ? {} : { [shelf.above]: above ?? '' }) };
    const refusal = shelf.refusal?.(given) ?? null;
    return refusal ?? behaviour.create(creation(at, { ...given, ...shelf.begins }, shelf, world));
  });
}

function creation(at: string, members: Members, { made, filter }: Shelf, { clock, ids, items }: World) {
  return {
    unique: null,
    twin: () => undefined,
    alike: () => items.all().find(item => item.at === at && item.members[filter] === members[filter]),
    insert: () => {
      const nowMs = clock.nowMs();
      const item: Item = { kind: 'item', id: ids(), at, members, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs };
      items.put(item);
      made?.(item);
      return item;
    },
  };
}

function read(request: Incoming, shelf: Shelf, world: World, behaviour: Behaviour): MaybeReply {
  const found = itemOf(request, shelf, world);
  const item = visible(world, world.items.get(found?.id ?? ''));
  return item === undefined ? notFound() : behaviour.readItem(item, () => behaviour.shown(item, conditions(request)));
}

function remove(request: Incoming, shelf: Shelf, world: World, behaviour: Behaviour): MaybeReply {
  const found = itemOf(request, shelf, world);
  const absent = () => (world.choices.deleteMissing === 204 ? empty(204) : notFound());
  if (found === undefined) return absent();
  const { ifMatch } = conditions(request);
  const { id } = found;
  const current = () => world.items.get(id);
  return behaviour.act({
    name: 'delete',
    method: 'DELETE',
    id,
    refusal: () => {
      const item = current();
      if (item === undefined) return absent();
      return ifMatch === null || strongMatch(ifMatch, behaviour.etagOf(item)) ? null : preconditionFailed();
    },
    isDue: () => shelf.isDue?.(current() ?? found) ?? true,
    effect: () => shelf.removed?.(current() ?? found),
    commit: () => {
      world.items.remove(id);
      return empty(204);
    },
  });
}

function done(request: Incoming, shelf: Shelf, action: Action, world: World, behaviour: Behaviour): Promise<Reply> {
  return keyed(request, world, behaviour, async () => {
    const said = draftOf(action.fields ?? {}, request.body);
    if (said.refusal !== null) return said.refusal;
    const found = itemOf(request, shelf, world);
    if (found === undefined || world.items.get(found.id) === undefined) return notFound();
    const { id } = found;
    const act = action.act(found, said.value);
    const refusal = () => (world.items.get(id) === undefined ? notFound() : act.refusal());
    return behaviour.act({ ...act, method: request.method, id, refusal });
  });
}
