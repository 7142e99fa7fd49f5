import { arrange, make, outgoing, type Making } from '../../../core/arrange.js';
import type { Subject, Tools } from '../../../core/check.js';
import { isSuccess, statusOf, type Response } from '../../../core/http.js';
import type { Resource } from '../../../core/resource.js';
import { withValues, type Scope } from '../../../core/scope.js';
import { send, type Probe } from '../../../core/step.js';
import { Trouble } from '../../../core/trouble.js';
import { itemsIn } from '../json/items.js';
import { settle } from './writing.js';

/** A scope in which a read or a list can be sent; `id` of the record in it, `null` when it names none. */
export interface Readable {
  readonly scope: Scope;
  readonly id: string | null;
}

/** The labels of the steps that look for a record which is there already. */
type Search = `look for ${string}`;

/**
 * Makes something to read, and lets it settle. Where nothing may or can be created it names a record that is there already: the first the
 * list shows, in the first of each parent. Throws Trouble `setup-nothing-to-read` when no list shows one.
 */
export function* readable(
  { operation, resource }: Pick<Subject, 'operation' | 'resource'>,
  tools: Tools,
): Probe<Readable, Making | Search> {
  if (operation.role === 'other') return { scope: tools.fresh(), id: null };
  if (resource.create !== null) {
    const made = yield* make(resource, tools);
    yield* settle(tools);
    return made;
  }
  const canArrange = resource.parents.every(({ create }) => create !== null);
  const around = canArrange ? yield* arrange(resource, tools) : yield* withinFirst(resource, tools);
  if (operation.role !== 'read') return { scope: around, id: null };
  const id = yield* firstId(resource, around);
  return { scope: withValues(around, { id }), id };
}

/** A scope in the first record of each parent. */
function* withinFirst({ parents }: Resource, tools: Tools): Probe<Scope, Search> {
  let scope = tools.fresh();
  for (const parent of parents) {
    const id = yield* firstId(parent, scope);
    scope = withValues(scope, { id, [`${parent.name}.id`]: id });
  }
  return scope;
}

function* firstId({ name, id, list }: Resource, scope: Scope): Probe<string, Search> {
  if (list === null) throw new Trouble('setup-nothing-to-read', { resource: name, detail: 'it has no list' });
  const listed = yield* send(`look for ${name}`, outgoing(list.operation, scope));
  if (!isSuccess(listed)) {
    const status = statusOf(listed);
    const detail = status === null ? 'the list got no answer' : `the list was answered with ${status}`;
    throw new Trouble('setup-nothing-to-read', { resource: name, detail });
  }
  for (const item of itemsIn(list, listed.response)) {
    const found = id.of(responseOf(item)) ?? plainId(item);
    if (found !== null) return found;
  }
  throw new Trouble('setup-nothing-to-read', { resource: name, detail: 'its list shows no record with an id' });
}

/** A list item as the answer of a read, which is where the id is known to stand. */
function responseOf(item: unknown): Response {
  const body = JSON.stringify(item, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)) ?? '';
  return { status: 200, headers: [], body, bodyEncoding: 'utf8', bodyBytes: body.length, truncated: false };
}

function plainId(item: unknown): string | null {
  const isPlain = typeof item === 'string' || typeof item === 'number';
  return isPlain ? String(item) : null;
}
