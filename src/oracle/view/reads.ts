import type { Response } from '../../core/http.js';
import type { Operation } from '../../core/operation.js';
import type { Resource } from '../../core/resource.js';
import { withValues, type Scope, type Value } from '../../core/scope.js';
import { isMembers } from './world.js';
import { wordsOf } from './names.js';

/** A view looks at this many reads at most. */
export const MOST_READS = 20;

/** A safe read that may show what an operation did, and what it is addressed with beside the scope of the operation. */
export interface ViewRead {
  readonly name: string;
  readonly operation: Operation;
  readonly at: Readonly<Record<string, Value>>;
}

/** Whether an operation may be repeated (RFC 9110 section 9.2.2, or as far as it sets fields): it has no effects to count. */
export function isRepeatable({ role }: Operation): boolean {
  return role === 'delete' || role === 'replace' || role === 'update';
}

/**
 * The reads around an operation: the records that a create makes are counted by an oracle of their own, and of a DELETE,
 * a PUT or a PATCH what it does to the parents is looked at alone.
 */
export function readsFor(
  operation: Operation,
  resource: Resource,
  resources: readonly Resource[],
  scope: Scope,
): readonly ViewRead[] {
  if (isRepeatable(operation)) return parentReads(resource, scope).filter(read => canBuild(read, scope));
  const around = readsAround(resource, resources, scope);
  return operation.role === 'create' ? around.filter(({ name }) => !readsResource(resource, name)) : around;
}

/**
 * The reads around a resource that can be made within a scope, nearest first: its own, its parents', those below it, its
 * collection, those beside it below the same parents, and the collections of the others. Those of what an answer names
 * are not among them (`namedReads`).
 */
function readsAround(resource: Resource, resources: readonly Resource[], scope: Scope): readonly ViewRead[] {
  const own = scope.values['id'];
  const parents = resource.parents.toReversed();
  const below = resources.filter(one => one.parents.some(({ name }) => name === resource.name));
  const beside = resources.filter(
    one => one.name !== resource.name && !below.includes(one) && one.parents.some(parent => parents.includes(parent)),
  );
  const others = resources.filter(
    one => one.name !== resource.name && ![...parents, ...below, ...beside].some(({ name }) => name === one.name),
  );
  const found = [
    ...(own === undefined ? [] : singlesOf(resource, {})),
    ...parentReads(resource, scope),
    ...(own === undefined ? [] : below.flatMap(one => withinOf(one, { [`${resource.name}.id`]: own }, scope))),
    ...listsOf(resource, {}),
    ...beside.flatMap(one => withinOf(one, {}, scope)),
    ...[...parents, ...others].flatMap(one => listsOf(one, {})),
  ];
  const byName = new Map(found.filter(read => canBuild(read, scope)).map(read => [read.name, read]));
  return [...byName.values()];
}

/** The reads of the parents of a resource, nearest first. */
function parentReads({ parents }: Resource, scope: Scope): readonly ViewRead[] {
  return parents.toReversed().flatMap(parent => singlesOf(parent, { id: scope.values[`${parent.name}.id`] ?? null }));
}

/** The read of a resource itself, and its documented further reads (`GET /accounts/{id}/balance`). */
function singlesOf({ read, others }: Resource, at: ViewRead['at']): readonly ViewRead[] {
  return [read, ...others]
    .filter(one => one !== null)
    .filter(isGet)
    .map(operation => ({ name: operation.name, operation, at }));
}

function listsOf({ list }: Resource, at: ViewRead['at']): readonly ViewRead[] {
  if (list === null || !isGet(list.operation)) return [];
  return [{ name: list.operation.name, operation: list.operation, at }];
}

/** What can be read of a resource without an id of its own: its list, and the read of one that is there once. */
function withinOf(resource: Resource, at: ViewRead['at'], scope: Scope): readonly ViewRead[] {
  const { id: _own, ...values } = scope.values;
  return [...listsOf(resource, at), ...singlesOf(resource, at).filter(read => canBuild(read, { ...scope, values }))];
}

/** Whether what an operation reads are records of the resource itself. */
export function readsResource({ read, list, others }: Resource, name: string): boolean {
  return [read, list?.operation, ...others].some(operation => operation?.name === name);
}

/**
 * The reads of single resources that a document names: by a member that is called like the resource (`account_id`,
 * `account: { id }`) or like its id (`sku`), or by a link to it.
 */
export function namedReads(
  resource: Resource,
  resources: readonly Resource[],
  documents: readonly unknown[],
): readonly ViewRead[] {
  const taken = new Set([resource.name, ...resource.parents.map(({ name }) => name)]);
  const found = resources.flatMap(one => {
    const { read } = one;
    if (taken.has(one.name) || read === null || !isGet(read)) return [];
    return documents
      .flatMap(document => namesIn(document))
      .flatMap(({ path, text }): readonly ViewRead[] => {
        const id = isIdMember(one, path, text) ? text : linkedId(read, text);
        if (id === null) return [];
        return [{ name: `${read.name} by ${path.join('.')}`, operation: read, at: { id } }];
      });
  });
  const byAddress = new Map(found.map(read => [`${read.operation.name} ${String(read.at['id'])}`, read] as const));
  return [...byAddress.values()];
}

/** The operation of a read that was made before, by its name. */
export function operationNamed(name: string, resources: readonly Resource[]): Operation | null {
  const [own = name] = name.split(' by ');
  const all = resources.flatMap(({ read, list, others }) => [read, list?.operation ?? null, ...others]);
  return all.find(operation => operation?.name === own) ?? null;
}

/** The scope a read is built from. */
export function scopeOf({ at }: Pick<ViewRead, 'at'>, scope: Scope): Scope {
  return withValues(scope, at);
}

function canBuild(read: ViewRead, scope: Scope): boolean {
  try {
    read.operation.build(scopeOf(read, scope));
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isGet({ method }: Operation): boolean {
  return method === 'GET';
}

interface Named {
  /** The names of the members that lead to it. */
  readonly path: readonly string[];
  readonly text: string;
}

/** Every text and number outside lists, and in the plain lists of them. */
function namesIn(value: unknown, path: readonly string[] = []): readonly Named[] {
  if (isMembers(value)) return Object.entries(value).flatMap(([name, inner]) => namesIn(inner, [...path, name]));
  if (value === null || value === undefined || typeof value === 'boolean' || Array.isArray(value)) return [];
  const text = String(value);
  return text === '' || path.length === 0 ? [] : [{ path, text }];
}

/** Whether a member names a resource: by the resource's name, or by the name of its id where that is not just `id`. */
function isIdMember(resource: Resource, path: readonly string[], text: string): boolean {
  const [last = '', owner = ''] = path.toReversed();
  const words = wordsOf(last);
  const isId = words.length > 1 && ['id', 'ref', 'key', 'uuid', 'number', 'code'].includes(words.at(-1) ?? '');
  if (isCalled(resource, isId ? words.slice(0, -1) : words) && !isLink(text)) return true;
  if (last === 'id') return isCalled(resource, wordsOf(owner));
  return isOwnIdName(resource, last, text) || placeholderOf(resource.read) === last;
}

function isCalled({ name }: Resource, words: readonly string[]): boolean {
  return singular(words.join('')) === singular(wordsOf(name).join(''));
}

/** Whether the id of a resource stands in a member of this name. */
function isOwnIdName({ id }: Resource, name: string, text: string): boolean {
  if (['id', '_id', 'uuid'].includes(name)) return false;
  const body = JSON.stringify({ [name]: text });
  const shown: Response = { status: 200, headers: [], body, bodyEncoding: 'utf8', bodyBytes: 0, truncated: false };
  return id.of(shown) === text;
}

/** The name of the last part of a path, where it stands for an id: `sku` of `/products/{sku}`. */
function placeholderOf(read: Operation | null): string | null {
  const name = /\{+([^{}/]+)\}+$/.exec(read?.path ?? '')?.[1] ?? null;
  return name === 'id' ? null : name;
}

/** The id in a link to what an operation reads; `null` when it is none. */
function linkedId({ path }: Operation, text: string): string | null {
  if (!isLink(text)) return null;
  const pattern = path
    .split('?')[0]
    ?.split('/')
    .map(part => (/[{}]/.test(part) ? '([^/?#]+)' : part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')))
    .join('/');
  return new RegExp(`${pattern}$`).exec(text.split(/[?#]/)[0] ?? '')?.at(-1) ?? null;
}

function isLink(text: string): boolean {
  return /^(https?:\/)?\/\S+$/.test(text);
}

function singular(word: string): string {
  return word
    .replace(/ies$/, 'y')
    .replace(/(s|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}
