import type { Gone, Resource, SpecFile } from '../../generated/spec.js';
import { listOf } from '../data.js';
import type { Path } from '../source.js';
import { didYouMean } from '../suggest.js';
import { BUILT_IN, namesIn } from '../template.js';
import { checkContract, checkKey } from './check-contract.js';
import { checkOperation, checkPlace } from './check-operation.js';
import { checkTemplate } from './check-template.js';
import { ancestors, namesFor, type Names } from './names.js';
import { checkPath, checkPaths, type Rules } from './rule-book.js';

const ROLES = ['create', 'list', 'read', 'replace', 'update', 'delete'] as const;

/** Everything the schema cannot say about a resource. */
export function checkResource(file: SpecFile, name: string, resource: Resource, rules: Rules): void {
  const path: Path = ['resources', name];
  const names = namesFor(file, name);
  if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)) {
    rules.add(path, `"${name}" cannot be the name of a resource; take letters, digits, "_" and "-"`, 'key');
  }
  checkParents(file, name, resource, rules);
  checkId(resource, path, names, rules);
  for (const role of ROLES) {
    const operation = resource[role];
    if (operation !== undefined && rules.written([...path, role]) !== undefined) {
      checkOperation(operation, [...path, role], names, rules);
    }
  }
  checkActions(resource, path, names, rules);
  for (const member of ['setup', 'teardown'] as const) {
    resource[member]?.forEach((one, index) => checkOperation(one, [...path, member, index], names, rules));
  }
  if ([...ROLES, 'actions'].every(member => rules.written([...path, member]) === undefined) && isBare(resource)) {
    rules.add(path, `has no operation; give it one of ${ROLES.join(', ')} or actions`, 'key');
  }
  checkKey(resource.key, [...path, 'key'], rules);
  checkContract(resource.contract, [...path, 'contract'], rules);
  checkPaths(resource.volatile, [...path, 'volatile'], rules);
  checkTemplate(resource.count?.command, [...path, 'count', 'command'], names, rules);
  checkGone(resource.gone, [...path, 'gone'], rules);
  const { version } = resource;
  if (version !== undefined && version.in !== 'header' && version.name === undefined) {
    rules.add(
      [...path, 'version'],
      `needs the "name" of the ${version.in === 'body' ? 'body field' : 'query parameter'}`,
      'key',
    );
  }
}

function isBare(resource: Resource): boolean {
  return ROLES.every(role => resource[role] === undefined) && Object.keys(resource.actions ?? {}).length === 0;
}

function checkParents(file: SpecFile, name: string, { parent }: Resource, { add }: Rules): void {
  const resources = Object.keys(file.resources ?? {});
  for (const [index, one] of listOf(parent).entries()) {
    const place = ['resources', name, 'parent', ...(typeof parent === 'string' ? [] : [index])];
    if (!resources.includes(one)) add(place, `no resource is called "${one}"${didYouMean(one, resources)}`);
    else if (one === name) add(place, 'a resource cannot be its own parent');
    else if (ancestors(file, one).includes(name)) {
      const way = circle(file, name, one);
      // Told once, at the one that comes first in the file.
      if (resources.find(other => way.includes(other)) === name)
        add(place, `parents go round in a circle: ${way.join(' -> ')}`);
    } else if (file.resources?.[one]?.create === undefined) {
      add(place, `"${one}" has no "create", so that it cannot be made before ${name}`);
    }
  }
}

/** `a -> b -> a`: the way from a resource over one of its parents back to itself. */
function circle(file: SpecFile, name: string, parent: string): readonly string[] {
  const way = [name, parent];
  for (let last = parent; last !== name; last = way.at(-1) ?? name) {
    const next = listOf(file.resources?.[last]?.parent).find(
      one => one === name || ancestors(file, one).includes(name),
    );
    if (next === undefined || (next !== name && way.includes(next))) break;
    way.push(next);
  }
  return way;
}

function checkId({ id }: Resource, path: Path, names: Names, rules: Rules): void {
  const here = [...path, 'id'];
  if (typeof id !== 'string' || !id.includes('{{')) {
    if (id !== undefined) checkPlace(id, here, rules);
    return;
  }
  if (namesIn(id).includes('id'))
    rules.add(here, 'an id cannot be made of itself; write {{uuid}}, {{int}} or {{marker}}');
  else if (!namesIn(id).some(name => BUILT_IN.some(own => own === name && name !== 'now'))) {
    rules.add(here, 'must differ from record to record; write {{uuid}}, {{int}} or {{marker}} into it');
  } else checkTemplate(id, here, names, rules);
}

function checkActions({ actions }: Resource, path: Path, names: Names, rules: Rules): void {
  for (const [name, action] of Object.entries(actions ?? {})) {
    const here = [...path, 'actions', name];
    if (rules.written(here) === undefined) continue;
    checkOperation(action, here, names, rules);
    const effect = typeof action === 'string' ? undefined : action.effect;
    if (effect === undefined) continue;
    checkOperation(effect.read, [...here, 'effect', 'read'], names, rules);
    checkPath(effect.value, [...here, 'effect', 'value'], rules);
  }
}

function checkGone(gone: Gone | undefined, path: Path, rules: Rules): void {
  if (gone === undefined) return;
  const { value } = gone;
  const [status, field, equals] = ['status', 'value', 'equals'].map(name => rules.written([...path, name]));
  if (status !== undefined && field !== undefined) rules.add(path, 'says both "status" and "value"; keep one', 'key');
  else if (status === undefined && field === undefined)
    rules.add(path, 'needs "status", or "value" and "equals"', 'key');
  else if (field !== undefined && equals === undefined) rules.add(path, 'needs "equals" beside "value"', 'key');
  if (value !== undefined) checkPath(value, [...path, 'value'], rules);
}
