import type { Payload } from '../../core/operation.js';
import type { Scope } from '../../core/scope.js';
import { isMembers } from '../data.js';
import { locationsIn } from '../selector.js';
import { fillJson, fillText } from '../template.js';
import type { WrittenOperation } from './written.js';

/** Makes a body from a scope: the same bytes for the same scope. */
export type BuildBody = (scope: Scope) => string | null;

/** How each payload of an operation is built; `body` is always among them, and builds `null` where there is none. */
export function payloadsOf(written: WrittenOperation): ReadonlyMap<Payload, BuildBody> {
  return written.text === undefined ? structured(written) : textual(written, written.text);
}

function textual({ variant, faults }: WrittenOperation, text: string): ReadonlyMap<Payload, BuildBody> {
  const texts: readonly (readonly [Payload, unknown])[] = [
    ['body', text],
    ['changed', variant],
    ['invalid', faults?.invalid],
    ['crash', faults?.crash],
  ];
  return new Map(
    texts.flatMap(([payload, value]): readonly (readonly [Payload, BuildBody])[] =>
      typeof value === 'string' ? [[payload, scope => fillText(value, scope)]] : [],
    ),
  );
}

function structured({ body, form, variant, omit, faults }: WrittenOperation): ReadonlyMap<Payload, BuildBody> {
  const base: unknown = form ?? body;
  if (base === undefined) return new Map<Payload, BuildBody>([['body', () => null]]);
  const encode = form === undefined ? asJson : asForm;
  const values: readonly (readonly [Payload, unknown])[] = [
    ['body', base],
    // `false` says that there is none; a whole body that is `false` has no other payload either.
    ['changed', variant === undefined ? derivedVariant(base) : variant === false ? undefined : merged(base, variant)],
    ['omit', omit === undefined ? undefined : without(base, omit)],
    ['invalid', faults?.invalid === undefined ? undefined : merged(base, faults.invalid)],
    ['crash', faults?.crash === undefined ? undefined : merged(base, faults.crash)],
  ];
  return new Map(
    values.flatMap(([payload, value]): readonly (readonly [Payload, BuildBody])[] =>
      value === undefined ? [] : [[payload, encode(value)]],
    ),
  );
}

function asJson(value: unknown): BuildBody {
  return scope => JSON.stringify(fillJson(value, scope));
}

function asForm(value: unknown): BuildBody {
  return scope => {
    const filled = fillJson(value, scope);
    const pairs = isMembers(filled) ? Object.entries(filled) : [];
    return new URLSearchParams(pairs.map(([name, item]): [string, string] => [name, String(item)])).toString();
  };
}

/** Members of mappings are merged deeply; anything else, lists too, is replaced. */
export function merged(base: unknown, over: unknown): unknown {
  if (!isMembers(base) || !isMembers(over)) return over;
  const both = Object.entries(over).map(([name, value]) => [
    name,
    Object.hasOwn(base, name) ? merged(base[name], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(both) };
}

/** Names whose number is not free to change: an id, a version, a page. */
const NOT_FREE = /(^|_|[a-z](?=I))(id|ids|version|revision|page|limit|offset|year)$/i;
/** Names whose boolean decides whether anything happens at all. */
const SWITCH = /dry|test|live|sandbox|simulat|validate|confirm|force|async/i;

/**
 * A different, most likely valid payload for a body nobody gave a variant for: its first plain number one higher, at the
 * top before deeper down, else its first boolean turned. Ids, versions and switches such as `dryRun` are left alone;
 * `undefined` where nothing is left.
 */
export function derivedVariant(body: unknown): unknown {
  return (
    changedFirst(body, (name, value) =>
      typeof value === 'number' && !NOT_FREE.test(name) ? oneMore(value) : undefined,
    ) ?? changedFirst(body, (name, value) => (typeof value === 'boolean' && !SWITCH.test(name) ? !value : undefined))
  );
}

function changedFirst(body: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (!isMembers(body)) return undefined;
  const entries = Object.entries(body);
  for (const [name, value] of entries) {
    const other = change(name, value);
    if (other !== undefined) return { ...body, [name]: other };
  }
  for (const [name, value] of entries) {
    const other = changedFirst(value, change);
    if (other !== undefined) return { ...body, [name]: other };
  }
  return undefined;
}

/** One more with the same number of decimals: 4.35 becomes 5.35 and not 5.3499999. */
function oneMore(value: number): number {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return Number((value + 1).toFixed(Math.min(decimals, 20)));
}

/** A copy without what the JSONPaths select. */
export function without(base: unknown, paths: readonly string[]): unknown {
  const copy: unknown = structuredClone(base);
  // From the end, so that removing from a list does not move what is still to be removed.
  for (const place of paths.flatMap(path => locationsIn(path, copy)).toReversed()) {
    const last = place.at(-1);
    const holder = place.slice(0, -1).reduce<unknown>(childOf, copy);
    if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.deleteProperty(holder, last);
  }
  return copy;
}

function childOf(holder: unknown, step: string | number): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : undefined;
}
