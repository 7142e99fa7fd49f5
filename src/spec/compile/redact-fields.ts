import { isLosslessNumber, parse, stringify } from 'lossless-json';
import type { MaskOf, Redact } from '../../core/spec.js';
import { isMembers } from '../data.js';
import { lastNameOf, locationsIn } from '../selector.js';

const alike: MaskOf = () => '[redacted]';

/**
 * Masks the fields that JSONPaths point at. A body that is JSON keeps everything else, digits of numbers too; in one that
 * was cut off, every member of such a name is masked. Any other text comes back as it was.
 */
export function redactFields(paths: readonly string[]): Redact {
  if (paths.length === 0) return body => body;
  const names = [...new Set(paths.map(lastNameOf).filter(name => name !== null))];
  return (body, maskOf = alike) => {
    const plain = jsonIn(body, JSON.parse);
    if (plain === undefined)
      return /^\s*[[{]/.test(body) ? names.reduce((so, name) => maskByName(so, name, maskOf), body) : body;
    const places = paths.flatMap(path => locationsIn(path, plain));
    if (places.length === 0) return body;
    const document = jsonIn(body, parse) ?? plain;
    if (places.some(place => place.length === 0)) return JSON.stringify(maskOf(textOf(document)));
    for (const place of places) mask(document, place, maskOf);
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

function mask(document: unknown, place: readonly (string | number)[], maskOf: MaskOf): void {
  const last = place.at(-1);
  const holder = place.slice(0, -1).reduce<unknown>(childOf, document);
  if (typeof holder === 'object' && holder !== null && last !== undefined && Object.hasOwn(holder, last)) {
    Reflect.set(holder, last, maskOf(textOf(Reflect.get(holder, last))));
  }
}

/** A value as a text that is the same for the same value, in whatever order its members stand. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isLosslessNumber(value)) return value.toString();
  return JSON.stringify(value, (_, inner: unknown) =>
    isLosslessNumber(inner) ? inner.toString() : isMembers(inner) ? sorted(inner) : inner,
  );
}

function sorted(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function childOf(holder: unknown, step: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}

function maskByName(body: string, name: string, maskOf: MaskOf): string {
  const key = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return body.replaceAll(
    new RegExp(`(${key}\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]{[]+)`, 'g'),
    (_, before: string, value: string) => `${before}${JSON.stringify(maskOf(value.replaceAll(/^"|"$/g, '')))}`,
  );
}
