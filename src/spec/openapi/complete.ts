import type { Operation, Resource, SpecFile } from '../../generated/spec.js';
import { longForm, requestText, type AnyOperation } from '../compile/written.js';
import { operationKey, readRequestLine } from '../request-line.js';
import type { Inferred } from './infer.js';

const ROLES = ['create', 'list', 'read', 'replace', 'update', 'delete'] as const;
const BODIES = ['body', 'text', 'form', 'contentType', 'variant', 'omit', 'faults'] as const;

/** What is written, completed from what was inferred. The written word wins, member by member. */
export function complete(written: SpecFile, inferred: Inferred): Inferred {
  const base = inferred.file.resources ?? {};
  const calls = callsIn(base);
  const own = Object.entries(written.resources ?? {}).map(([name, one]) => [
    name,
    completeResource(one, base[name], calls),
  ]);
  const given = keysIn(written);
  const isGiven = (request: string) => given.has(keyOf(request) ?? '');
  const requests = [...inferred.others.values()].flat();
  const mended = new Set(requests.filter(isGiven).map(keyOf));
  const { inference } = inferred;
  return {
    ...inferred,
    // What the file gives a role has one, and lacks nothing for want of it.
    others: new Map([...inferred.others].map(([name, list]) => [name, list.filter(one => !isGiven(one))])),
    inference: {
      ...inference,
      gaps: inference.gaps.filter(({ operation }) => operation === null || !mended.has(keyOf(operation))),
    },
    file: {
      ...written,
      target: { ...inferred.file.target, ...written.target },
      resources: { ...base, ...Object.fromEntries(own) },
    },
  };
}

/** What the file calls the resources whose operations it writes down, by `operationKey`; the first name counts. */
export function writtenNames({ resources = {} }: SpecFile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, one] of Object.entries(resources)) {
    for (const key of keysOf(one)) if (!names.has(key)) names.set(key, name);
  }
  return names;
}

/** Everything the file gives a role, by method and path. */
function keysIn({ resources = {} }: SpecFile): ReadonlySet<string> {
  return new Set(
    Object.values(resources).flatMap(one => [
      ...keysOf(one),
      ...Object.values(one.actions ?? {}).flatMap(action => keyOf(action) ?? []),
    ]),
  );
}

/** The operations of a resource by method and path. */
function keysOf(resource: Resource): readonly string[] {
  return ROLES.flatMap(role => keyOf(resource[role]) ?? []);
}

function keyOf(operation: AnyOperation | undefined): string | null {
  const line = operation === undefined ? '' : readRequestLine(requestText(operation));
  return typeof line === 'string' ? null : operationKey(line.method, line.path);
}

/** Every inferred operation in its long form, by method and path. */
function callsIn(resources: Readonly<Record<string, Resource>>): ReadonlyMap<string, Exclude<Operation, string>> {
  const all = Object.values(resources).flatMap(one => [
    ...ROLES.map(role => one[role]),
    ...Object.values(one.actions ?? {}),
  ]);
  return new Map(
    all.flatMap(operation => {
      const key = keyOf(operation);
      return key === null || operation === undefined ? [] : [[key, longForm(operation)] as const];
    }),
  );
}

type Calls = ReturnType<typeof callsIn>;

function completeResource(written: Resource, base: Resource | undefined, calls: Calls): Resource {
  const roles = ROLES.flatMap(role => {
    const operation = written[role];
    return operation === undefined ? [] : [[role, completeOperation(operation, base?.[role], calls)] as const];
  });
  const actions = Object.entries(written.actions ?? {}).map(
    ([name, one]) => [name, completeOperation(one, base?.actions?.[name], calls)] as const,
  );
  const both = { ...base?.actions, ...Object.fromEntries(actions) };
  return {
    ...base,
    ...written,
    ...Object.fromEntries(roles),
    ...(Object.keys(both).length === 0 ? {} : { actions: both }),
  };
}

/** From the documented operation it calls, else from the one that has its role. A body of its own replaces the inferred one whole. */
function completeOperation<One extends AnyOperation>(
  written: One,
  base: AnyOperation | undefined,
  calls: Calls,
): AnyOperation {
  const key = keyOf(written);
  const found = key === null ? (base === undefined ? undefined : longForm(base)) : calls.get(key);
  const sameRole = key !== null && base !== undefined && keyOf(base) === key ? longForm(base) : found;
  if (sameRole === undefined) return written;
  const long = longForm<Exclude<AnyOperation, string>>(written);
  const hasBody = ['body', 'text', 'form'].some(name => Object.hasOwn(long, name));
  const kept = Object.entries(sameRole).filter(([name]) => !hasBody || !BODIES.some(one => one === name));
  return { ...Object.fromEntries(kept), ...long };
}
