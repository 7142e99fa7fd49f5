import type { Scope, Value } from '../core/scope.js';
import { isMembers } from './data.js';

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}]*?)\s*\}\}$/;

/** Names every template knows, whatever was captured. */
export const BUILT_IN = ['marker', 'uuid', 'int', 'now'] as const;

/** The names a template asks for, in every text of it. */
export function namesIn(template: unknown): readonly string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACE)].map(([, name = '']) => name);
  if (Array.isArray(template)) return template.flatMap(namesIn);
  return isMembers(template) ? Object.values(template).flatMap(namesIn) : [];
}

/** The names of the `{name}` places of a path. */
export function placesIn(path: string): readonly string[] {
  return [...path.replaceAll(PLACE, '').matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name.trim());
}

/** Whether a text opens a template that it does not close. */
export function isUnclosed(text: string): boolean {
  return text.replaceAll(PLACE, '').includes('{{');
}

/** A text with its `{{name}}` places filled. Throws RangeError on a name the scope lacks. */
export function fillText(template: string, scope: Scope): string {
  return template.replaceAll(PLACE, (_, name: string) => String(valueOf(name, scope)));
}

/**
 * A JSON value with the templates in its texts filled; a text that is one template takes the value's own type.
 * Throws RangeError on a name the scope lacks.
 */
export function fillJson(template: unknown, scope: Scope): unknown {
  if (typeof template === 'string') {
    const name = WHOLE.exec(template)?.[1];
    return name === undefined ? fillText(template, scope) : valueOf(name, scope);
  }
  if (Array.isArray(template)) return template.map(item => fillJson(item, scope));
  if (!isMembers(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillJson(value, scope)]));
}

/** A path with its `{name}` and `{{name}}` places filled, percent-encoded. Throws RangeError on a name the scope lacks. */
export function fillPath(template: string, scope: Scope): string {
  return template.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}|\{([^{}]*)\}/g, (_, double?: string, single?: string) =>
    encoded(String(valueOf((double ?? single ?? '').trim(), scope))),
  );
}

/** As one path segment: `.` and `..` would be resolved away (RFC 3986 section 5.2.4), so their dots are encoded too. */
function encoded(value: string): string {
  return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%2E') : encodeURIComponent(value);
}

function valueOf(name: string, scope: Scope): Value {
  switch (name) {
    case 'marker':
      return scope.marker;
    case 'uuid':
      return scope.uuid;
    case 'int':
      return scope.int;
    case 'now':
      return scope.now;
    default: {
      const value = Object.hasOwn(scope.values, name) ? scope.values[name] : undefined;
      if (value === undefined) throw new RangeError(`nothing gives a value for "${name}"`);
      return value;
    }
  }
}
