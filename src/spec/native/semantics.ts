import type { SpecFile } from '../../generated/spec.js';
import { isMembers, listOf, membersOf } from '../data.js';
import { secondsOf } from '../duration.js';
import type { Mistakes } from '../mistakes.js';
import { createSelector } from '../selector.js';
import type { Path } from '../source.js';
import { didYouMean } from '../suggest.js';
import { BUILT_IN, namesIn, placesIn } from '../template.js';

/** Members that hold one JSONPath, or a list of them, wherever they stand. */
const PATHS = new Set(['items', 'value', 'unique', 'omit', 'volatile', 'redact']);
const DURATIONS = new Set(['ttl', 'fail', 'warn', 'inflightTimeout']);
const OPERATIONS = ['create', 'list', 'read', 'replace', 'update', 'delete'] as const;

/** Finds what the schema cannot: paths, durations, dates, parents, and templates nobody fills. */
export function checkSemantics(file: SpecFile, mistakes: Mistakes): void {
  walk(file, [], mistakes);
  const resources = Object.entries(file.resources ?? {});
  const names = resources.map(([name]) => name);
  for (const [name, resource] of resources) {
    const path: Path = ['resources', name];
    for (const parent of listOf(resource.parent)) {
      if (!names.includes(parent))
        mistakes.add([...path, 'parent'], `no resource is called "${parent}"${didYouMean(parent, names)}`);
    }
    if (ancestors(file, name).includes(name))
      mistakes.add([...path, 'parent'], 'is, by way of its parents, its own parent');
    checkTemplates(file, name, mistakes);
    if (typeof resource.id === 'string' && !resource.id.includes('{{'))
      checkPath(resource.id, [...path, 'id'], mistakes);
  }
  file.waivers?.forEach((waiver, at) => {
    if (waiver.until !== undefined && !isDate(waiver.until)) {
      mistakes.add(['waivers', at, 'until'], `"${waiver.until}" is no date; write YYYY-MM-DD`);
    }
  });
  const auth = Object.keys(file.target?.auth ?? {}).filter(kind => kind !== 'header');
  if (auth.length > 1) mistakes.add(['target', 'auth'], `names ${auth.join(' and ')}; keep one`);
}

/** The names of a resource's ancestors, nearest first; stops when it comes round. */
export function ancestors(file: SpecFile, name: string): readonly string[] {
  const seen: string[] = [];
  const queue = [...listOf(file.resources?.[name]?.parent)];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.includes(next)) continue;
    seen.push(next);
    queue.push(...listOf(file.resources?.[next]?.parent));
  }
  return seen;
}

function walk(value: unknown, path: Path, mistakes: Mistakes): void {
  if (Array.isArray(value)) value.forEach((item, at) => walk(item, [...path, at], mistakes));
  for (const [name, item] of membersOf(value)) {
    const here = [...path, name];
    // What stands in a body is the user's own.
    if (['body', 'variant', 'form', 'headers', 'invalid', 'crash'].includes(name)) continue;
    if (DURATIONS.has(name)) checkDuration(item, here, mistakes);
    if (PATHS.has(name) && path.at(-1) !== 'apiKey' && path.at(-1) !== 'marker') {
      if (typeof item === 'string') checkPath(item, here, mistakes);
      if (Array.isArray(item))
        item.forEach((one, at) => typeof one === 'string' && checkPath(one, [...here, at], mistakes));
    }
    if (name === 'capture') {
      for (const [captured, place] of membersOf(item))
        if (typeof place === 'string') checkPath(place, [...here, captured], mistakes);
    }
    if (name === 'pattern' && typeof item === 'string') checkPattern(item, here, mistakes);
    walk(item, here, mistakes);
  }
}

function checkPath(text: string, path: Path, mistakes: Mistakes): void {
  try {
    createSelector(text);
  } catch (error) {
    const detail = error instanceof RangeError ? error.message : 'not understood';
    mistakes.add(path, `"${text}" is no JSONPath (${detail}); write something like $.id`);
  }
}

function checkPattern(text: string, path: Path, mistakes: Mistakes): void {
  try {
    new RegExp(text);
  } catch {
    mistakes.add(path, `"${text}" is no regular expression`);
  }
}

function checkDuration(value: unknown, path: Path, mistakes: Mistakes): void {
  if ((typeof value !== 'string' && typeof value !== 'number') || value === 'never') return;
  if (secondsOf(value) === null) mistakes.add(path, `"${value}" is no duration; write 30s, 5m, 24h or 7d`);
}

function checkTemplates(file: SpecFile, name: string, mistakes: Mistakes): void {
  const resource = file.resources?.[name];
  const parents = ancestors(file, name).map(parent => `${parent}.id`);
  const captured = capturesIn(file.resources);
  const known = [...BUILT_IN, ...parents, ...captured];
  const visit = (value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      for (const used of namesIn(value)) {
        if (!known.includes(used)) mistakes.add(path, `nothing fills {{${used}}}${didYouMean(used, known)}`);
      }
      if (path.at(-1) === 'request' || OPERATIONS.some(one => one === path.at(-1))) {
        for (const used of placesIn(value)) {
          if (!known.includes(used)) mistakes.add(path, `nothing fills {${used}}${didYouMean(used, known)}`);
        }
      }
    }
    if (Array.isArray(value)) value.forEach((item, at) => visit(item, [...path, at]));
    for (const [key, item] of membersOf(value)) visit(item, [...path, key]);
  };
  visit(resource, ['resources', name]);
}

function capturesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(capturesIn);
  return membersOf(value).flatMap(([name, item]) =>
    name === 'capture' && isMembers(item) ? Object.keys(item) : capturesIn(item),
  );
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
