import type { Scope, Value } from '../core/scope.js';
import { isMembers } from './data.js';

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Names every template knows, whatever was captured. */
export const BUILT_IN = ['marker', 'uuid', 'int', 'now', 'id'] as const;

/** The names a template asks for. */
export function namesIn(template: unknown): readonly string[] {
  if (typeof template === 'string') return [...template.matchAll(PLACE)].map(match => match[1] ?? '');
  if (Array.isArray(template)) return template.flatMap(namesIn);
  return isMembers(template) ? Object.values(template).flatMap(namesIn) : [];
}

/** A text with its `{{name}}` places filled. Throws RangeError on a name the scope lacks. */
export function fillText(template: string, scope: Scope): string {
  return template.replaceAll(PLACE, (_, name: string) => String(valueOf(name, scope)));
}

/** A JSON value with its templates filled; a text that is one template takes the value's own type. */
export function fillJson(template: unknown, scope: Scope): unknown {
  if (typeof template === 'string') {
    const whole = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(template)?.[1];
    return whole === undefined ? fillText(template, scope) : valueOf(whole, scope);
  }
  if (Array.isArray(template)) return template.map(item => fillJson(item, scope));
  if (!isMembers(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fillJson(value, scope)]));
}

/** A path with `{name}` filled percent-encoded, and `{{name}}` likewise. Throws RangeError on a name the scope lacks. */
export function fillPath(template: string, scope: Scope): string {
  return template
    .replaceAll(PLACE, (_, name: string) => encodeURIComponent(String(valueOf(name, scope))))
    .replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(String(valueOf(name, scope))));
}

/** The names of `{name}` places in a path. */
export function placesIn(path: string): readonly string[] {
  return [...path.replaceAll(PLACE, '').matchAll(/\{([^{}]+)\}/g)].map(match => match[1] ?? '');
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
      const value = scope.values[name];
      if (value === undefined) throw new RangeError(`nothing gives a value for "${name}"`);
      return value;
    }
  }
}
