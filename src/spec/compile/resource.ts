import type { Operation, Role } from '../../core/operation.js';
import type { Action, CountCommand, Gone, Listing, Paging, Resource } from '../../core/resource.js';
import type { Scope } from '../../core/scope.js';
import type { ActionOperation, ListOperation, Resource as Written } from '../../generated/spec.js';
import { statusesOf, type Layer } from '../contract.js';
import { listOf } from '../data.js';
import { createSelector } from '../selector.js';
import type { Path } from '../source.js';
import { BUILT_IN, fillText, namesIn } from '../template.js';
import { compileOperation, type Context } from './operation.js';
import { compileIdentity, idCapture } from './place.js';
import type { AnyOperation } from './written.js';

/** Compiles every resource, in the order of the file; each holds its parents, outermost first. */
export function compileResources(context: Context): readonly Resource[] {
  const written = context.draft.file.resources ?? {};
  const done = new Map<string, Resource>();
  const compile = (name: string): Resource => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const one = written[name] ?? {};
    const parents = listOf(one.parent).map(compile);
    const all = parents.flatMap(parent => [...parent.parents, parent]);
    const resource = compileResource(name, one, [...new Set(all)], context);
    done.set(name, resource);
    return resource;
  };
  return Object.keys(written).map(compile);
}

function compileResource(name: string, written: Written, parents: readonly Resource[], context: Context): Resource {
  const path: Path = ['resources', name];
  const layers: readonly Layer[] = [
    { contract: context.draft.file.contract },
    { contract: written.contract, key: written.key },
  ];
  const ownId = typeof written.id === 'string' && written.id.includes('{{') ? written.id : null;
  const compile = (one: AnyOperation, role: Role, at: Path): Operation => {
    const alsoCaptures = role === 'create' ? { alsoCaptures: idCapture(written.id) } : {};
    return compileOperation(one, { role, resource: name, path: at, layers, ownId, ...alsoCaptures }, context);
  };
  const optional = (one: AnyOperation | undefined, role: Role): Operation | null =>
    one === undefined ? null : compile(one, role, [...path, role]);
  const each = (member: 'setup' | 'teardown') =>
    (written[member] ?? []).map((one, index) => compile(one, 'other', [...path, member, index]));
  return {
    name,
    parents,
    id: compileIdentity(written.id),
    create: optional(written.create, 'create'),
    list: listingOf(written.list, optional(written.list, 'list')),
    read: optional(written.read, 'read'),
    replace: optional(written.replace, 'replace'),
    update: optional(written.update, 'update'),
    remove: optional(written.delete, 'delete'),
    actions: Object.entries(written.actions ?? {}).map(([action, one]) =>
      compileAction(action, one, [...path, 'actions', action], compile),
    ),
    others: (context.draft.others.get(name) ?? []).map(request => compile(request, 'other', [...path, 'others'])),
    version: written.version === undefined ? null : { name: 'ETag', ...written.version },
    volatile: (written.volatile ?? []).map(createSelector),
    count: written.count === undefined ? null : countOf(written.count.command),
    gone: goneOf(written.gone),
    setup: each('setup'),
    teardown: each('teardown'),
  };
}

function listingOf(written: ListOperation | undefined, operation: Operation | null): Listing | null {
  if (written === undefined || operation === null) return null;
  const items = typeof written === 'string' ? undefined : written.items;
  const paging = typeof written === 'string' ? undefined : written.paging;
  return {
    operation,
    items: items === undefined ? null : createSelector(items),
    filtered: operation.marked,
    ...(paging === undefined ? {} : { paging: pagingOf(paging) }),
  };
}

function pagingOf(written: Exclude<ListOperation, string>['paging'] & {}): Paging | 'none' {
  if (typeof written === 'string') return 'none';
  const { next, ...parameters } = written;
  return next === undefined ? parameters : { ...parameters, next: createSelector(next) };
}

function compileAction(
  name: string,
  written: ActionOperation,
  path: Path,
  compile: (one: AnyOperation, role: Role, at: Path) => Operation,
): Action {
  const operation = compile(written, `action:${name}`, path);
  const effect = typeof written === 'string' ? undefined : written.effect;
  if (effect === undefined) return { name, operation, effect: null };
  const read = compile(effect.read, 'read', [...path, 'effect', 'read']);
  return { name, operation, effect: { read, value: createSelector(effect.value) } };
}

/** A command with the scope's values in it. What came from the target may not end the shell's quoting. */
function countOf(command: string): CountCommand {
  const foreign = namesIn(command).filter(name => !BUILT_IN.some(own => own === name));
  return {
    command: (scope: Scope) => {
      const unsafe = foreign.find(name => !/^[\w.@:+/=,-]*$/.test(fillText(`{{${name}}}`, scope)));
      if (unsafe !== undefined) throw new RangeError(`the value of {{${unsafe}}} is not safe in a command`);
      return fillText(command, scope);
    },
  };
}

/** Usually 404 or 410 on a read (RFC 9110 sections 15.5.5 and 15.5.11). */
function goneOf(written: Written['gone']): Gone {
  if (written?.value !== undefined) {
    return { kind: 'value', value: createSelector(written.value), equals: written.equals };
  }
  return { kind: 'status', statuses: statusesOf(written?.status) ?? [404, 410] };
}
