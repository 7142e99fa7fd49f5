import { operationKey } from '../request-line.js';
import { freeName, resourceName, singular } from './names.js';
import type { ApiOperation } from './operations.js';

/** Operations that belong to one kind of thing, by what they do to it. */
export interface Family {
  readonly name: string;
  /** Path of the collection, or of the one thing there is. */
  readonly path: string;
  /** Path of one item; `null` where none is documented. */
  readonly itemPath: string | null;
  readonly create: ApiOperation | null;
  readonly list: ApiOperation | null;
  readonly read: ApiOperation | null;
  readonly replace: ApiOperation | null;
  readonly update: ApiOperation | null;
  readonly remove: ApiOperation | null;
  readonly actions: ReadonlyMap<string, ApiOperation>;
  readonly others: readonly ApiOperation[];
}

/** What grouping has to know about an operation. */
export interface Traits {
  /** Its answer shows an id, or a 201, or it takes a key: something is made. */
  readonly creates: (operation: ApiOperation) => boolean;
  /** Its answer is a list, or holds one. */
  readonly lists: (operation: ApiOperation) => boolean;
  /** Whether a link of the first one's answer leads to the second. */
  readonly links: (from: ApiOperation, to: ApiOperation) => boolean;
}

/** One path of a document with its operations. */
interface Place {
  readonly path: string;
  readonly operations: readonly ApiOperation[];
}

/**
 * Groups operations by their paths: a collection (`/orders`: POST creates, GET lists) with its items (`/orders/{id}`:
 * GET, PUT, PATCH, DELETE) and what is done to one (`POST /orders/{id}/cancel`). What fits nowhere is among the `others`
 * of the nearest family, or of one named after the first segment. `names` are those the user gave, by `operationKey`.
 */
export function groupOperations(
  operations: readonly ApiOperation[],
  traits: Traits,
  names: ReadonlyMap<string, string>,
): readonly Family[] {
  const written = placesOf(operations);
  const places = [...written, ...unwritten(written, traits)];
  const taken = new Set<string>(names.values());
  const given = new Set<string>();
  const roots = places.filter(place => isCollection(place, places, traits));
  const families = roots.map(root => {
    const item = itemOf(root, places, traits);
    const own = [...root.operations, ...(item?.operations ?? [])].flatMap(
      one => names.get(operationKey(one.method, one.path)) ?? [],
    );
    const known = own.find(name => !given.has(name));
    const name = known ?? freeName(nameFor(root.path), outerName(root.path), taken);
    taken.add(name);
    if (known !== undefined) given.add(known);
    return familyOf(name, root, item, traits);
  });
  return withRest(families, operations, taken, names);
}

/** Collections that no path stands for, of items that a PUT makes: `/files` of `PUT /files/{name}`. */
function unwritten(places: readonly Place[], traits: Traits): readonly Place[] {
  const claimed = new Set(
    places.flatMap(place => (endsInParameter(place.path) ? [] : (itemOf(place, places, traits) ?? []))),
  );
  const paths = places
    .filter(place => !claimed.has(place))
    .filter(({ path, operations }) => endsInParameter(path) && operations.some(({ method }) => method === 'PUT'))
    .map(({ path }) => parentPath(path))
    .filter(path => path !== '' && !endsInParameter(path) && !places.some(place => trimmed(place.path) === path));
  return [...new Set(paths)].map(path => ({ path, operations: [] }));
}

function placesOf(operations: readonly ApiOperation[]): Place[] {
  const paths = [...new Set(operations.map(({ path }) => path))];
  return paths.map(path => ({ path, operations: operations.filter(one => one.path === path) }));
}

/** Whether a path goes through an item the API has: of `/tenants/{tenant}/users`, something at `/tenants` or `/tenants/{}`. */
function actsOn(path: string, places: readonly Place[]): boolean {
  const item = /^.*\/\{[^{}/]+\}(?=\/)/.exec(slashed(path))?.[0];
  if (item === undefined) return false;
  return places.some(place => [nameless(item), nameless(parentPath(item))].includes(nameless(place.path)));
}

/** A place that ends in a word and has items, or is created into, or is one thing that is read and written. */
function isCollection(place: Place, places: readonly Place[], traits: Traits): boolean {
  const { path, operations } = place;
  if (endsInParameter(path) || /:[\w-]+$/.test(path)) return false;
  if (itemOf(place, places, traits) !== null) return true;
  const post = operations.find(({ method }) => method === 'POST');
  const get = operations.find(({ method }) => method === 'GET');
  if (post !== undefined && get !== undefined) return traits.lists(get) || traits.creates(post);
  // Below an item, a POST alone may as well act on it, and the id in its answer be the item's own.
  if (post !== undefined) return !actsOn(path, places) && traits.creates(post) && !isVerb(lastSegment(path));
  return (
    !path.includes('{') &&
    (get !== undefined || operations.some(({ method }) => method === 'PUT' || method === 'PATCH'))
  );
}

/**
 * The place of one item: right below the collection; else where a link of the create leads, or where the same word in
 * the singular stands (`/payment/{id}` of `POST /payments`).
 */
function itemOf({ path, operations }: Place, places: readonly Place[], traits: Traits): Place | null {
  const below = places.find(place => endsInParameter(place.path) && parentPath(place.path) === trimmed(path));
  if (below !== undefined) return below;
  const post = operations.find(({ method }) => method === 'POST');
  if (post === undefined) return null;
  const apart = places.filter(place => endsInParameter(place.path) && !hasCollection(place, places));
  const linked = apart.find(place => place.operations.some(one => traits.links(post, one)));
  const singularOne = apart.find(place => isSingularOf(parentPath(place.path), trimmed(path)));
  return linked ?? singularOne ?? (traits.creates(post) ? impliedItem(trimmed(path), places) : null);
}

/** An item that cannot be read, but is acted on: `/payments/{id}` of `POST /payments/{id}/captures`. */
function impliedItem(path: string, places: readonly Place[]): Place | null {
  const below = places.map(place => new RegExp(`^${escaped(path)}/\\{[^{}/]+\\}(?=/)`).exec(place.path)?.[0]);
  const found = below.find(one => one !== undefined);
  return found === undefined ? null : { path: found, operations: [] };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function hasCollection({ path }: Place, places: readonly Place[]): boolean {
  return places.some(place => trimmed(place.path) === parentPath(path));
}

function isSingularOf(item: string, collection: string): boolean {
  const [a, b] = [item.split('/'), collection.split('/')];
  const [one = '', many = ''] = [a.at(-1), b.at(-1)];
  return a.slice(0, -1).join('/') === b.slice(0, -1).join('/') && one !== many && one === singular(many);
}

function familyOf(name: string, root: Place, item: Place | null, traits: Traits): Family {
  const at = (place: Place | null, method: string) => place?.operations.find(one => one.method === method) ?? null;
  const post = at(root, 'POST');
  const get = at(root, 'GET');
  const put = at(item, 'PUT');
  const isList = get !== null && (item !== null || post !== null || traits.lists(get));
  return {
    name,
    path: root.path,
    itemPath: item?.path ?? null,
    // Where nothing creates into the collection, a PUT to an address of the client's own choice does.
    create: post ?? (put !== null && at(item, 'POST') === null ? put : null),
    list: isList ? get : null,
    read: at(item, 'GET') ?? (isList ? null : get),
    replace: put ?? (item === null ? at(root, 'PUT') : null),
    update: at(item, 'PATCH') ?? (item === null ? at(root, 'PATCH') : null),
    remove: at(item, 'DELETE') ?? (item === null ? at(root, 'DELETE') : null),
    actions: new Map(),
    others: [],
  };
}

/** Gives every operation without a role to the family whose path is the longest beginning of its own. */
function withRest(
  families: readonly Family[],
  operations: readonly ApiOperation[],
  taken: Set<string>,
  names: ReadonlyMap<string, string>,
): readonly Family[] {
  const used = new Set(
    families.flatMap(({ create, list, read, replace, update, remove }) => [
      create,
      list,
      read,
      replace,
      update,
      remove,
    ]),
  );
  const result = new Map(families.map(family => [family.path, family]));
  for (const operation of operations.filter(one => !used.has(one))) {
    const near = [...result.values()]
      .filter(family => isBelow(operation.path, family.path) || operation.path === family.path)
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    const known = names.get(operationKey(operation.method, operation.path));
    const family = near ?? emptyFamily(operation.path, taken, known);
    result.set(family.path, withOperation(family, operation));
  }
  return [...result.values()];
}

/** A POST below one item acts on it; everything else has no role. */
function withOperation(family: Family, operation: ApiOperation): Family {
  const { itemPath } = family;
  const isAction =
    operation.method === 'POST' &&
    itemPath !== null &&
    isBelow(operation.path, itemPath) &&
    !restOf(operation.path, itemPath).includes('{');
  if (!isAction || family.create === null) return { ...family, others: [...family.others, operation] };
  const name = freeName(
    restOf(operation.path, itemPath).replaceAll(/[^\w-]+/g, '-'),
    null,
    new Set(family.actions.keys()),
  );
  return { ...family, actions: new Map([...family.actions, [name, operation]]) };
}

function emptyFamily(path: string, taken: Set<string>, known: string | undefined): Family {
  const first = path.split('/').find(segment => segment !== '' && !segment.startsWith('{')) ?? 'api';
  const name = known ?? freeName(resourceName(first), null, taken);
  taken.add(name);
  const none = { itemPath: null, create: null, list: null, read: null, replace: null, update: null, remove: null };
  return { name, path: `/${first}`, ...none, actions: new Map(), others: [] };
}

const VERBS =
  /^(cancel|capture|refund|void|confirm|approve|reject|activate|deactivate|enable|disable|send|resend|submit|search|query|validate|verify|login|logout|close|open|lock|unlock|start|stop|reset|retry|archive|restore|publish|process|reverse|expire|accept|decline)s?$/i;

function isVerb(segment: string): boolean {
  return VERBS.test(segment);
}

function nameFor(path: string): string {
  return resourceName(lastSegment(path));
}

/** What the word before the last one of a path is called, to tell two of one name apart. */
function outerName(path: string): string | null {
  const words = path.split('/').filter(segment => segment !== '' && !segment.includes('{'));
  const outer = words.at(-2);
  return outer === undefined ? null : resourceName(outer);
}

function lastSegment(path: string): string {
  return path.split('/').findLast(segment => segment !== '' && !segment.includes('{')) ?? 'api';
}

export function endsInParameter(path: string): boolean {
  return /\/\{[^{}/]+\}\/?$/.test(path);
}

function parentPath(path: string): string {
  return trimmed(path.replace(/\/\{[^{}/]+\}\/?$/, ''));
}

function trimmed(path: string): string {
  return path.replace(/(.)\/+$/, '$1');
}

/** Whether a path lies below another, whatever their parameters are called. */
function isBelow(path: string, above: string): boolean {
  const [inner, outer] = [nameless(slashed(path)), nameless(above)];
  return inner !== outer && inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

function restOf(path: string, above: string): string {
  return slashed(trimmed(path)).split('/').slice(trimmed(above).split('/').length).join('/');
}

/** A custom method (`/orders/{id}:cancel`, AIP-136) acts on what it stands behind, as a word below it does. */
function slashed(path: string): string {
  return path.replace(/:(?=[\w-]+$)/, '/');
}

function nameless(path: string): string {
  return trimmed(path.replaceAll(/\{[^{}]*\}/g, '{}'));
}
