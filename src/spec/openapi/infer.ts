import type { ActionOperation, ListOperation, Operation, Resource, SpecFile } from '../../generated/spec.js';
import type { Note } from '../draft.js';
import { itemsOf, member, membersOf, textMember } from '../data.js';
import { operationKey } from '../request-line.js';
import { countedIn, idIn, idPlaceIn, itemsIn } from './answers.js';
import { bodyOf, markedField } from './bodies.js';
import { locationOf, type ApiDocument } from './document.js';
import { groupOperations, type Family } from './group.js';
import { operationsOf, successOf, type ApiOperation } from './operations.js';
import { documentedBy, keyOf, promisesOf } from './promises.js';
import { callOf, parentsOf } from './requests.js';
import { createSampler, type Sampler } from './sample.js';
import { shapeOf } from './shape.js';

/** What a document alone says, in the native format and beside it. */
export interface Inferred {
  readonly file: SpecFile;
  /** By `operationKey`. */
  readonly notes: ReadonlyMap<string, Note>;
  /** Documented requests without a role, by resource. */
  readonly others: ReadonlyMap<string, readonly string[]>;
  /** What the document calls itself: its title and its server. */
  readonly about: readonly string[];
}

/**
 * Infers resources from a document. `names` are what the user calls them, by `operationKey`. Throws SpecError for
 * references that cannot be followed.
 */
export function infer(document: ApiDocument, seed: number, names: ReadonlyMap<string, string> = new Map()): Inferred {
  const operations = operationsOf(document);
  const sampler = createSampler(document, seed);
  const traits = {
    creates: (one: ApiOperation) =>
      successOf(one)?.status === '201' || keyOf(document, one) !== null || showsId(document, one),
    lists: (one: ApiOperation) => itemsIn(document, one) !== null,
  };
  const families = groupOperations(operations, traits, names);
  const resources = families.map(family => [family.name, resourceOf(document, family, families, sampler)] as const);
  const url = urlOf(document);
  const title = textMember(document.child(document.root, 'info')?.value, 'title');
  return {
    about: [title, url].filter(text => text !== null),
    file: { version: 1, ...(url === null ? {} : { target: { url } }), resources: Object.fromEntries(resources) },
    // Of two paths that differ in the names of their parameters alone, the first stands for both.
    notes: new Map(operations.toReversed().map(one => [operationKey(one.method, one.path), noteOf(document, one)])),
    others: new Map(
      families.map(family => {
        const around = { own: family, parents: parentsOf(family, families) };
        return [family.name, family.others.map(one => callOf(document, one, around, sampler).request)];
      }),
    ),
  };
}

function showsId(document: ApiDocument, operation: ApiOperation): boolean {
  return idIn(document, successOf(operation)?.content?.schema ?? null, '', null) !== null;
}

function noteOf(document: ApiDocument, operation: ApiOperation): Note {
  return {
    name: `${operation.method} ${operation.path}`,
    location: locationOf(operation.node, 'key'),
    documented: documentedBy(operation),
    tags: operation.tags,
    operationId: operation.operationId,
    layer: promisesOf(document, operation),
  };
}

function resourceOf(document: ApiDocument, family: Family, families: readonly Family[], sampler: Sampler): Resource {
  const { name, create, list, read, replace, update, remove, actions, itemPath } = family;
  const parents = parentsOf(family, families);
  const around = { own: family, parents };
  const filters = list === null ? [] : list.parameters.filter(one => one.in === 'query').map(one => one.name);
  const marked = create === null ? null : markedField(document, create, filters);
  const operation = (one: ApiOperation): Exclude<Operation, string> => ({
    ...callOf(document, one, around, sampler),
    ...bodyOf(document, one, marked, sampler),
  });
  const optional = (role: 'create' | 'read' | 'replace' | 'update' | 'delete', one: ApiOperation | null) =>
    one === null ? {} : { [role]: operation(one) };
  const parameter = /\{([^{}]+)\}\/?$/.exec(itemPath ?? '')?.[1] ?? null;
  const id = create === null ? undefined : idOf(document, family, create, name, parameter);
  return {
    ...(parents.length === 0 ? {} : { parent: parents.map(parent => parent.name) }),
    ...(id === undefined ? {} : { id }),
    ...optional('create', create),
    ...(list === null
      ? {}
      : { list: listOf(document, list, around, marked !== null && filters.includes(marked) ? marked : null, sampler) }),
    ...optional('read', read),
    ...optional('replace', replace),
    ...optional('update', update),
    ...optional('delete', remove),
    ...(actions.size === 0 ? {} : { actions: actionsOf(document, family, operation) }),
  };
}

/** A create by PUT to an item takes an id of the client's: a number where the parameter is one, else a UUID. */
function idOf(
  document: ApiDocument,
  { itemPath }: Family,
  create: ApiOperation,
  name: string,
  parameter: string | null,
): Resource['id'] {
  if (create.path !== itemPath) return idPlaceIn(document, create, name, parameter);
  const own = create.parameters.find(one => one.in === 'path' && one.name === parameter);
  return shapeOf(document, own?.schema ?? null).type === 'integer' ? '{{int}}' : '{{uuid}}';
}

function listOf(
  document: ApiDocument,
  list: ApiOperation,
  around: { readonly own: Family; readonly parents: readonly Family[] },
  filter: string | null,
  sampler: Sampler,
): ListOperation {
  const items = itemsIn(document, list);
  return { ...callOf(document, list, around, sampler, filter), ...(items === null ? {} : { items }) };
}

/** Actions with a body may move a number that the item shows, such as a balance; whether they do, a run finds out. */
function actionsOf(
  document: ApiDocument,
  { actions, read }: Family,
  operation: (one: ApiOperation) => Exclude<Operation, string>,
): Record<string, ActionOperation> {
  const value = read === null ? null : countedIn(document, read);
  return Object.fromEntries(
    [...actions].map(([name, one]) => {
      const effect =
        value === null || read === null || one.body === null ? {} : { effect: { read: operation(read), value } };
      return [name, { ...operation(one), ...effect }];
    }),
  );
}

/** The address of the first server, its variables at their defaults; `null` when it names no host. */
function urlOf(document: ApiDocument): string | null {
  if (document.version === 2) {
    const host = textMember(document.root.value, 'host');
    const schemes = itemsOf(member(document.root.value, 'schemes')).map(String);
    const scheme = schemes.includes('https') ? 'https' : (schemes.find(one => one === 'http') ?? 'https');
    return host === null ? null : absolute(`${scheme}://${host}${textMember(document.root.value, 'basePath') ?? ''}`);
  }
  const server = document.child(document.root, 'servers', 0);
  const variables = new Map(membersOf(member(server?.value, 'variables')));
  const url = textMember(server?.value, 'url') ?? '';
  return absolute(
    url.replaceAll(/\{([^{}]*)\}/g, (whole, name: string) => String(member(variables.get(name), 'default') ?? whole)),
  );
}

function absolute(url: string): string | null {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || url.includes('{')) return null;
  return url.replace(/\/+$/, '');
}
