import { parse, stringify } from 'lossless-json';
import { lastNameOf, locationsIn } from '../selector.js';

const MASK = '[redacted]';

/**
 * Masks the fields that JSONPaths point at. A body that is JSON keeps everything else, digits of numbers too; in one that
 * was cut off, every member of such a name is masked. Any other text comes back as it was.
 */
export function redactFields(paths: readonly string[]): (body: string) => string {
  if (paths.length === 0) return body => body;
  const names = [...new Set(paths.map(lastNameOf).filter(name => name !== null))];
  return body => {
    const plain = jsonIn(body, JSON.parse);
    if (plain === undefined) return /^\s*[[{]/.test(body) ? names.reduce(maskByName, body) : body;
    const places = paths.flatMap(path => locationsIn(path, plain));
    if (places.length === 0) return body;
    const document = jsonIn(body, parse) ?? plain;
    if (places.some(place => place.length === 0)) return JSON.stringify(MASK);
    for (const place of places) mask(document, place);
    return stringify(document) ?? body;
  };
}

function jsonIn(body: string, read: (text: string) => unknown): unknown {
  try {
    return read(body);
  } catch {
    return undefined;
  }
}

function mask(document: unknown, place: readonly (string | number)[]): void {
  const last = place.at(-1);
  const holder = place.slice(0, -1).reduce<unknown>(childOf, document);
  if (typeof holder === 'object' && holder !== null && last !== undefined && Object.hasOwn(holder, last)) {
    Reflect.set(holder, last, MASK);
  }
}

function childOf(holder: unknown, step: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}

function maskByName(body: string, name: string): string {
  const key = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return body.replaceAll(
    new RegExp(`(${key}\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]{[]+)`, 'g'),
    (_, before: string) => `${before}${JSON.stringify(MASK)}`,
  );
}
