import type { SpecFile } from '../../generated/spec.js';
import { isMembers, listOf, membersOf } from '../data.js';

/** What templates of one place may name, and what else there is, for a hint. */
export interface Names {
  readonly known: readonly string[];
  /** The resource the place belongs to; `null` for the file's own requests. */
  readonly resource: string | null;
  readonly resources: readonly string[];
}

/** What templates of a resource may name: its id, its ancestors' ids, and what these and the set-up capture. */
export function namesFor(file: SpecFile, resource: string | null): Names {
  const resources = Object.keys(file.resources ?? {});
  if (resource === null) return { known: capturesIn([file.setup, file.teardown]), resource, resources };
  const parents = ancestors(file, resource);
  const related = [resource, ...parents].map(name => file.resources?.[name]);
  const captured = capturesIn([file.setup, ...related]);
  return { known: ['id', ...parents.map(parent => `${parent}.id`), ...captured], resource, resources };
}

/** The names of a resource's ancestors, nearest first. Comes to an end where parents go round in a circle. */
export function ancestors(file: SpecFile, resource: string): readonly string[] {
  const seen: string[] = [];
  const queue = parentsOf(file, resource);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.includes(next)) continue;
    seen.push(next);
    queue.push(...parentsOf(file, next));
  }
  return seen;
}

function parentsOf(file: SpecFile, resource: string): string[] {
  const resources = file.resources ?? {};
  return Object.hasOwn(resources, resource) ? [...listOf(resources[resource]?.parent)] : [];
}

/** The names under `capture` anywhere in a value; what stands in bodies is the user's own. */
function capturesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(capturesIn);
  return membersOf(value).flatMap(([name, item]) => {
    if (name === 'capture') return isMembers(item) ? Object.keys(item) : [];
    return ['body', 'form', 'variant', 'faults', 'headers'].includes(name) ? [] : capturesIn(item);
  });
}
