import { parse, stringify } from 'lossless-json';
import { locationsIn } from '../selector.js';

/** Masks the fields the JSONPaths point at in a JSON text; any other text comes back as it was. */
export function redactFields(paths: readonly string[]): (body: string) => string {
  if (paths.length === 0) return body => body;
  return body => {
    const document = parsed(body);
    if (document === undefined) return body;
    const plain: unknown = JSON.parse(body);
    const places = paths.flatMap(path => locationsIn(path, plain));
    for (const place of places) mask(document, place);
    return places.length === 0 ? body : (stringify(document) ?? body);
  };
}

function mask(document: unknown, place: readonly (string | number)[]): void {
  const last = place.at(-1);
  const holder = place.slice(0, -1).reduce<unknown>((at, step) => childOf(at, step), document);
  if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.set(holder, last, '***');
}

function childOf(at: unknown, step: string | number): unknown {
  return typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined;
}

function parsed(body: string): unknown {
  try {
    JSON.parse(body);
    return parse(body);
  } catch {
    return undefined;
  }
}
