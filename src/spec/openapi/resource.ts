import type { ActionOperation, ListOperation, Operation, Place, Resource } from '../../generated/spec.js';
import { isMembers, type Members } from '../data.js';
import { countedIn, idPlaceIn, itemsIn, shownBy, uniqueIn, volatileIn, type Found } from './answers.js';
import { bodyOf, innermost, type Wanted, type Workshop } from './bodies.js';
import type { Family } from './group.js';
import { keyOf } from './keys.js';
import { versionOf } from './locks.js';
import { markedField, type Marked } from './marking.js';
import type { Notebook } from './notebook.js';
import { successOf, type ApiOperation } from './operations.js';
import { withOmit } from './omit.js';
import { withOwnId } from './own-id.js';
import { pagedBy } from './paging.js';
import { callOf, parentsOf, type Call } from './requests.js';
import { referencesOf, withReferences } from './references.js';
import { shapeOf } from './shape.js';

/** What a family is made into a resource with. */
export interface Making {
  readonly workshop: Workshop;
  readonly families: readonly Family[];
  readonly notebook: Notebook;
  /** Told of every request, so that what is said of the operation can be found by it. */
  readonly onCall: (operation: ApiOperation, call: Call) => void;
}

type Long = Exclude<Operation, string>;

/** A family of operations as a resource of the native format; what was guessed on the way goes into the notebook. */
export function resourceOf(family: Family, making: Making): Resource {
  const { name, create, list, read, replace, update, remove, actions } = family;
  const { workshop, families, notebook } = making;
  const references = referencesOf(workshop, family, families);
  const above = parentsOf(family, families);
  const parents = [...new Set([...above, ...references.map(({ target }) => target)])];
  const marked = create === null ? null : markedField(workshop.document, create, list);
  const unique = create === null ? [] : uniqueIn(workshop.document, create);
  const wanted: Wanted = {
    marked: marked?.field ?? null,
    unique: new Set(unique.map(({ value }) => fieldOf(value))),
    fill: body => withReferences(body, references),
  };
  const operation = (one: ApiOperation): Long => operationOf(one, family, parents, wanted, making);
  const optional = (role: 'create' | 'read' | 'replace' | 'update' | 'delete', one: ApiOperation | null) =>
    one === null ? {} : { [role]: operation(one) };
  noteParents(family, above, making);
  for (const { name: field, target, node } of references) {
    notebook.guess({ resource: name }, 'parent', target.name, { reason: `"${field}" of its body names one`, node });
  }
  const id = create === null ? null : idOf(family, create, making);
  const created =
    create === null ? {} : { create: createOf(operation(create), create, marked, unique, family, making) };
  const versioned = versionOf(family, workshop.document, notebook);
  const moving = read === null ? [] : volatileIn(workshop.document, read);
  for (const { value, ...why } of moving) notebook.guess({ resource: name }, 'volatile', value, why);
  return {
    ...(parents.length === 0 ? {} : { parent: parents.map(parent => parent.name) }),
    ...(id === null ? {} : { id }),
    ...created,
    ...(list === null ? {} : { list: listOf(list, marked, family, parents, making) }),
    ...optional('read', read),
    ...(replace === null ? {} : { replace: withOmit(operation(replace), replace, family, making) }),
    ...optional('update', update),
    ...optional('delete', remove),
    ...(actions.size === 0 ? {} : { actions: actionsOf(family, operation, making) }),
    ...versioned,
    ...(moving.length === 0 ? {} : { volatile: moving.map(({ value }) => value) }),
  };
}

/** How an operation is called and with which body; what could not be made up is put down as a gap. */
function operationOf(
  one: ApiOperation,
  family: Family,
  parents: readonly Family[],
  wanted: Wanted,
  { workshop, notebook, onCall }: Making,
): Long {
  const on = { resource: family.name, operation: nameOf(one) };
  const call = callOf(workshop.document, one, { own: family, parents }, workshop.sampler);
  onCall(one, call);
  notePath(call, on, family, one, notebook);
  const isWrite = one === family.replace || one === family.update;
  const wide = isWrite ? { wide: { shown: shownBy(workshop.document, family.read) } } : {};
  const own = { place: placeIn(family, workshop), request: call.written.request };
  const fill = (body: Members) => withOwnId(one, wanted.fill(body), own);
  const { written, from, trouble, hasVariant } = bodyOf(workshop, one, { ...wanted, ...wide, fill });
  if (from !== null && trouble === null) {
    notebook.guess(on, 'body', shortened(written.body ?? written.form ?? written.text), from);
  }
  if (trouble !== null) {
    const role = roleOf(family, one);
    notebook.gap(on, `The body is doubtful: ${trouble}.`, yamlFor(family, role, one, 'body: { ... }'), one.node);
  }
  if (hasVariant && from !== null && isMembers(written.variant)) {
    const why = { reason: 'another value that fits the schema', node: one.body?.schema ?? one.node };
    notebook.guess(on, 'variant', shortened(written.variant), why);
  }
  if (written.faults !== undefined && isMembers(written.faults.invalid)) {
    const why = { reason: 'it does not fit the schema, and must be refused', node: one.body?.schema ?? one.node };
    notebook.guess(on, 'invalid', shortened(written.faults.invalid), why);
  }
  return { ...call.written, ...written };
}

function createOf(
  written: Long,
  create: ApiOperation,
  marked: Marked | null,
  unique: readonly Found<string>[],
  { name, list, itemPath }: Family,
  { workshop, notebook }: Making,
): Long {
  const on = { resource: name, operation: nameOf(create) };
  const success = successOf(create);
  const why =
    create.path === itemPath
      ? 'a PUT to an address of the client’s own'
      : success?.status === '201'
        ? 'it answers with 201'
        : keyOf(workshop.document, create) !== null
          ? 'it takes an idempotency key'
          : 'it posts into a collection';
  const node = success?.node ?? create.node;
  notebook.guess(on, 'create', nameOf(create), { reason: why, node, side: 'key' });
  const carriers = Object.entries(isMembers(written.body) ? innermost(written.body) : (written.form ?? {}))
    .filter(([, value]) => JSON.stringify(value)?.includes('{{marker}}') === true)
    .map(([field]) => field);
  if (carriers.length > 0) {
    const reason = marked?.filter == null ? 'a text of our own' : 'a free text the list can be asked for';
    notebook.guess(on, 'marker', carriers.join(', '), {
      reason,
      node: marked?.node ?? create.body?.node ?? create.node,
    });
  } else if (create.path !== itemPath) {
    const text =
      list === null
        ? 'Nothing in the body can carry a marker, and no list shows what was created.'
        : 'Nothing in the body can carry a marker, so that the records of this run cannot be told from others.';
    notebook.gap(on, text, yamlFor({ name }, 'create', create, `body: { some-field: "{{marker}}" }`), create.node);
  }
  for (const { value, ...reason } of unique) notebook.guess(on, 'unique', value, reason);
  return unique.length === 0 ? written : { ...written, unique: unique.map(({ value }) => value) };
}

/** JSONPath of the id in the answer of the create; `null` where nothing says. */
function placeIn({ create, name, itemPath }: Family, { document }: Workshop): string | null {
  const parameter = /\{([^{}]+)\}\/?$/.exec(itemPath ?? '')?.[1] ?? null;
  const found = create === null ? null : idPlaceIn(document, create, name, parameter);
  return typeof found?.value === 'string' ? found.value : null;
}

/** A create by PUT to an item takes an id of the client's: a number where the parameter is one, else a UUID. */
function idOf(family: Family, create: ApiOperation, { workshop, notebook }: Making): Place | null {
  const { document } = workshop;
  const { name, itemPath } = family;
  const parameter = /\{([^{}]+)\}\/?$/.exec(itemPath ?? '')?.[1] ?? null;
  if (create.path === itemPath) {
    const own = create.parameters.find(one => one.in === 'path' && one.name === parameter);
    const value = shapeOf(document, own?.schema ?? null).type === 'integer' ? '{{int}}' : '{{uuid}}';
    const reason = 'the client chooses the address';
    notebook.guess({ resource: name }, 'id', value, { reason, node: own?.node ?? create.node });
    return value;
  }
  const found = idPlaceIn(document, create, name, parameter);
  if (found === null) {
    const text = 'Nothing says where the answer of the create shows the id; $.id and Location are tried.';
    notebook.gap({ resource: name, operation: nameOf(create) }, text, inResource(name, 'id: $.data.id'), create.node);
    return null;
  }
  const text = typeof found.value === 'string' ? found.value : `header ${found.value.header}`;
  notebook.guess({ resource: name }, 'id', text, found);
  return found.value;
}

function listOf(
  list: ApiOperation,
  marked: Marked | null,
  family: Family,
  parents: readonly Family[],
  { workshop, notebook, onCall }: Making,
): ListOperation {
  const { document, sampler } = workshop;
  const items = itemsIn(document, list);
  const on = { resource: family.name, operation: nameOf(list) };
  const filter = marked?.filter ?? null;
  const paging = pagedBy(document, list, filter?.name ?? null);
  for (const { value, ...why } of paging.guesses) notebook.guess(on, 'paging', value, why);
  const { query } = paging;
  const call = callOf(document, list, { own: family, parents }, sampler, { filter: filter?.name ?? null, query });
  onCall(list, call);
  notePath(call, on, family, list, notebook);
  if (items !== null) notebook.guess(on, 'list', items.value, items);
  else {
    const text = 'Nothing says where the records stand in its answer; arrays are looked for.';
    notebook.gap(on, text, yamlFor(family, 'list', list, 'items: $.items'), list.node);
  }
  if (filter !== null && marked !== null) {
    const reason = `the parameter is called like the field "${marked.field}"`;
    notebook.guess(on, 'list', `?${filter.name}={{marker}}`, { reason, node: filter.node });
  }
  const isPaged = Object.keys(paging.written).length > 0;
  return {
    ...call.written,
    ...(items === null ? {} : { items: items.value }),
    ...(isPaged ? { paging: paging.written } : {}),
  };
}

/** Actions with a body may move a number that the item shows, such as a balance; whether they do, a run finds out. */
function actionsOf(
  family: Family,
  operation: (one: ApiOperation) => Long,
  { workshop, notebook }: Making,
): Record<string, ActionOperation> {
  const { actions, read, name } = family;
  const counted = read === null ? null : countedIn(workshop.document, read);
  return Object.fromEntries(
    [...actions].map(([action, one]) => {
      if (counted === null || read === null || one.body === null) return [action, operation(one)];
      notebook.guess(
        { resource: name, operation: nameOf(one) },
        'effect',
        `${counted.value} of ${nameOf(read)}`,
        counted,
      );
      return [action, { ...operation(one), effect: { read: operation(read), value: counted.value } }];
    }),
  );
}

function noteParents(family: Family, parents: readonly Family[], { notebook }: Making): void {
  for (const { name, create } of parents) {
    if (create === null) continue;
    const why = {
      reason: 'its path goes through one, which is created first',
      node: create.node,
      side: 'key',
    } as const;
    notebook.guess({ resource: family.name }, 'parent', name, why);
  }
}

export function notePath(
  call: Call,
  on: { readonly resource: string; readonly operation: string },
  family: Family,
  one: ApiOperation,
  notebook: Notebook,
): void {
  for (const { name, value, node } of call.filled) {
    notebook.guess(on, 'path', `${name}: ${value}`, { reason: 'the example of the parameter', node });
  }
  for (const { name, node } of call.open) {
    const text = `Nothing creates what {${name}} stands for, and the document gives no example.`;
    const path = one.path.replace(`{${name}}`, `some-${name}`);
    notebook.gap(on, text, yamlFor(family, roleOf(family, one), { ...one, path }, null), node);
  }
}

function roleOf(family: Family, one: ApiOperation): string {
  const { create, list, read, replace, update, remove, actions } = family;
  const roles = { create, list, read, replace, update, delete: remove };
  const role = Object.entries(roles).find(([, own]) => own === one)?.[0];
  const action = [...actions].find(([, own]) => own === one)?.[0];
  return role ?? (action === undefined ? 'read' : `actions.${action}`);
}

/** The lines of an idem-check file that say something about one operation. */
function yamlFor({ name }: { readonly name: string }, role: string, one: ApiOperation, extra: string | null): string {
  const request = `request: "${one.method} ${one.path.replaceAll(/\{([^{}]+)\}\/?$/g, '{id}')}"`;
  const inner = extra === null ? request : extra;
  const [outer, action] = role.split('.');
  return inResource(name, action === undefined ? `${outer}: { ${inner} }` : `actions: { ${action}: { ${inner} } }`);
}

export function inResource(name: string, line: string): string {
  return `resources:\n  ${name}:\n    ${line}`;
}

function fieldOf(path: string): string {
  return path.replace(/^\$(?:\.(?:data|attributes|item|result)(?=\.))*\.?/, '').replaceAll(/^\["|"\]$/g, '');
}

export function nameOf({ method, path }: Pick<ApiOperation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** A value as it fits on a line. */
function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
