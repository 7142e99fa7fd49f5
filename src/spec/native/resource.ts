import type { Documented, Operation, Role } from '../../core/operation.js';
import type { Action, Gone, Listing, Resource } from '../../core/resource.js';
import type { Key, Resource as Written, SpecFile } from '../../generated/spec.js';
import { mergeContract, type Layer } from '../contract.js';
import { isMembers, listOf, membersOf } from '../data.js';
import type { Profile } from '../profiles/profile.js';
import { createSelector } from '../selector.js';
import type { Path, Source } from '../source.js';
import { fillText, namesIn } from '../template.js';
import { compileOperation, type WrittenOperation } from './operation.js';
import { compileCapture, compileIdentity, type WrittenPlace } from './place.js';

/** What compiling a file's resources needs. */
export interface Surroundings {
  readonly file: SpecFile;
  readonly source: Source;
  readonly profile: Profile;
  readonly isChosen: boolean;
  readonly documented: ReadonlyMap<string, Documented>;
}

type Long = WrittenOperation & {
  readonly key?: Key;
  readonly contract?: SpecFile['contract'];
  readonly capture?: Readonly<Record<string, WrittenPlace>>;
};

/** Compiles every resource, parents before children. */
export function compileResources(around: Surroundings): readonly Resource[] {
  const written = around.file.resources ?? {};
  const done = new Map<string, Resource>();
  const compile = (name: string): Resource => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const one = written[name] ?? {};
    const parents = listOf(one.parent).map(compile);
    const all = parents.flatMap(parent => [...parent.parents, parent]);
    const resource = compileResource(
      name,
      one,
      [...new Map(all.map(parent => [parent.name, parent])).values()],
      around,
    );
    done.set(name, resource);
    return resource;
  };
  Object.keys(written).forEach(compile);
  return [...done.values()];
}

function compileResource(name: string, written: Written, parents: readonly Resource[], around: Surroundings): Resource {
  const path: Path = ['resources', name];
  const layers: readonly Layer[] = [
    { contract: around.file.contract, key: undefined },
    { contract: written.contract, key: written.key },
  ];
  const operation = (value: unknown, role: Role, at: Path): Operation =>
    compile(value, { role, at, resource: name, layers, around });
  const optional = (value: unknown, role: Role, member: string) =>
    value === undefined ? null : operation(value, role, [...path, member]);
  return {
    name,
    parents,
    id: compileIdentity(written.id),
    create: optional(written.create, 'create', 'create'),
    list: listing(written.list, optional(written.list, 'list', 'list')),
    read: optional(written.read, 'read', 'read'),
    replace: optional(written.replace, 'replace', 'replace'),
    update: optional(written.update, 'update', 'update'),
    remove: optional(written.delete, 'delete', 'delete'),
    actions: membersOf(written.actions).map(([action, value]) =>
      compileAction(
        action,
        value,
        operation(value, `action:${action}`, [...path, 'actions', action]),
        name,
        layers,
        around,
      ),
    ),
    others: listOf(written.others).map((value, at) => operation(value, 'other', [...path, 'others', at])),
    version: written.version === undefined ? null : { in: written.version.in, name: written.version.name ?? 'etag' },
    volatile: listOf(written.volatile).map(createSelector),
    count: written.count === undefined ? null : countOf(written.count.command),
    gone: goneOf(written.gone),
    setup: listOf(written.setup).map((value, at) => operation(value, 'other', [...path, 'setup', at])),
    teardown: listOf(written.teardown).map((value, at) => operation(value, 'other', [...path, 'teardown', at])),
  };
}

/** Compiles one operation of a file, in its short or its long form. */
export function compile(
  value: unknown,
  {
    role,
    at,
    resource,
    layers,
    around,
  }: {
    readonly role: Role;
    readonly at: Path;
    readonly resource: string;
    readonly layers: readonly Layer[];
    readonly around: Surroundings;
  },
): Operation {
  const long = longForm(value);
  const [method = '', target = ''] = long.request.trim().split(/\s+/);
  return compileOperation(long, {
    role,
    resource,
    contract: mergeContract(around.profile, around.isChosen, [
      ...forRole(layers, role),
      { contract: long.contract, key: long.key },
    ]),
    location: around.source.locate(at, 'key'),
    documented: around.documented.get(`${method} ${target.split('?')[0] ?? target}`) ?? null,
    capture: compileCapture(long.capture),
  });
}

/** A key promised for a file or resource is one for what creates or acts; the other operations take one only when they say so. */
function forRole(layers: readonly Layer[], role: Role): readonly Layer[] {
  if (role === 'create' || role.startsWith('action:')) return layers;
  return [...layers, { contract: undefined, key: false }];
}

function longForm(value: unknown): Long {
  if (typeof value === 'string') return { request: value };
  if (isMembers(value) && isLong(value)) return value;
  throw new RangeError('an operation that is neither text nor mapping passed the schema');
}

function isLong(value: object): value is Long {
  return 'request' in value && typeof value.request === 'string';
}

function listing(written: unknown, operation: Operation | null): Listing | null {
  if (operation === null) return null;
  const items = isMembers(written) && typeof written['items'] === 'string' ? createSelector(written['items']) : null;
  return { operation, items, filtered: operation.marked };
}

function compileAction(
  name: string,
  written: unknown,
  operation: Operation,
  resource: string,
  layers: readonly Layer[],
  around: Surroundings,
): Action {
  const effect = isMembers(written) ? written['effect'] : undefined;
  if (!isMembers(effect)) return { name, operation, effect: null };
  const at: Path = ['resources', resource, 'actions', name, 'effect'];
  const read = compile(effect['read'], { role: 'read', at, resource, layers, around });
  return { name, operation, effect: { read, value: createSelector(String(effect['value'])) } };
}

/** A command with the scope's values in it, each as one quoted word of the shell. */
function countOf(command: string): Resource['count'] {
  const isQuoted = (name: string) => command.includes(`'{{${name}}}'`);
  return {
    command: scope => {
      const unsafe = namesIn(command).find(name => !isQuoted(name) && /[^\w.-]/.test(String(scope.values[name] ?? '')));
      if (unsafe !== undefined) throw new RangeError(`the value of {{${unsafe}}} does not fit into a command`);
      return fillText(command, scope);
    },
  };
}

function goneOf(written: Written['gone']): Gone {
  if (written === undefined) return { kind: 'status', statuses: [404, 410] };
  if ('status' in written) return { kind: 'status', statuses: written.status };
  return { kind: 'value', value: createSelector(written.value), equals: written.equals };
}
