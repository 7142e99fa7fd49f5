import { isMembers } from '../data.js';
import type { Path } from '../source.js';
import { didYouMean } from '../suggest.js';
import { BUILT_IN, isUnclosed, namesIn, placesIn } from '../template.js';
import type { Names } from './names.js';
import type { Rules } from './rule-book.js';

/** Templates in every text of a value must name something that will have a value. */
export function checkTemplate(value: unknown, path: Path, names: Names, rules: Rules): void {
  if (typeof value === 'string') {
    if (isUnclosed(value)) rules.add(path, 'a template is opened with "{{" and not closed with "}}"');
    for (const name of new Set(namesIn(value))) checkName(name, `{{${name}}}`, path, names, rules);
  }
  if (typeof value === 'number') checkNumber(value, path, rules);
  if (Array.isArray(value)) value.forEach((item, index) => checkTemplate(item, [...path, index], names, rules));
  if (isMembers(value)) {
    for (const [name, item] of Object.entries(value)) checkTemplate(item, [...path, name], names, rules);
  }
}

/** The `{name}` places of a path, and its templates. */
export function checkPathTemplate(target: string, path: Path, names: Names, rules: Rules): void {
  checkTemplate(target, path, names, rules);
  for (const name of new Set(placesIn(target))) checkName(name, `{${name}}`, path, names, rules);
}

function checkName(name: string, written: string, path: Path, names: Names, { add }: Rules): void {
  const { known, resource, resources } = names;
  const isTemplate = written.startsWith('{{');
  if (known.includes(name) || BUILT_IN.some(own => own === name)) return;
  const [, owner] = /^(.+)\.id$/.exec(name) ?? [];
  if (owner !== undefined && owner === resource) {
    add(path, `${written} is the id of this resource itself; write ${isTemplate ? '{{id}}' : '{id}'}`);
  } else if (owner !== undefined && resources.includes(owner)) {
    add(
      path,
      resource === null
        ? `${written} is not known outside of resources`
        : `${written} needs "parent: ${owner}" on ${resource}`,
    );
  } else if (owner !== undefined && didYouMean(name, known) === '') {
    add(path, `${written} names no resource${didYouMean(owner, resources)}`);
  } else {
    const all = [...BUILT_IN, ...known];
    const near = didYouMean(name, all);
    add(path, `nothing gives a value for ${written}${near === '' ? `; known here: ${all.join(', ')}` : near}`);
  }
}

function checkNumber(value: number, path: Path, { add }: Rules): void {
  if (!Number.isFinite(value)) add(path, `${value} is no JSON number`);
  else if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
    add(path, 'the number is too large to be kept to the digit; write it as text, in quotes');
  }
}
