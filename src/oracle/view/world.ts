import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { header, type Response } from '../../core/http.js';
import type { WorldRead } from '../../core/reading.js';
import type { Scope } from '../../core/scope.js';

/** Longer scalars are kept as their beginning and a digest. */
const LONGEST = 120;

/** Members an item of a list is told by, where it has one of them. */
const ID_MEMBERS = ['id', 'uuid', '_id', 'key', 'ref'] as const;

/** A value this long is nobody else's by chance. */
const TELLING = 8;

/** How the items of a read are told from those of others. */
export interface Place {
  readonly scope: Scope;
  /** Its address holds an id or the marker of the scope: all that it shows belongs there. */
  readonly isOwn: boolean;
  /** Its items are of the resource itself, so that their ids are its ids. */
  readonly isOfResource: boolean;
}

type Members = NonNullable<WorldRead['members']>;

/**
 * The members of a JSON answer. Of a read that others share, only the items that name an id or the marker of the scope;
 * an array of which the answer shows a first part only is left out. `null` when the body is no JSON, or is not held
 * completely.
 */
export function membersOf(response: Response, place: Place): Members | null {
  if (response.truncated || response.bodyEncoding !== 'utf8') return null;
  const document = parsed(response.body);
  if (document === undefined) return null;
  const into: Record<string, string | readonly string[]> = {};
  collect(document, '$', { ...place, isCut: isCut(response, document), into });
  return into;
}

/** A JSON text with its numbers as they are written; `undefined` when it is none. */
export function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a path or query holds an id or the marker of a scope. */
export function namesScope(path: string, scope: Scope): boolean {
  const parts = path.split(/[/?&=;,()':]/).map(part => decoded(part));
  return path.includes(scope.marker) || tokensOf(scope).some(({ text }) => parts.includes(text));
}

interface Collecting extends Place {
  readonly isCut: boolean;
  readonly into: Record<string, string | readonly string[]>;
}

function collect(value: unknown, path: string, at: Collecting): void {
  if (Array.isArray(value)) {
    collectItems(value, path, at);
  } else if (isMembers(value)) {
    for (const [name, inner] of Object.entries(value)) collect(inner, `${path}.${name}`, at);
  } else {
    at.into[path] = clipped(textOf(value));
  }
}

/** An array is what tells its items apart; of the item that is the resource itself its members too. */
function collectItems(items: readonly unknown[], path: string, at: Collecting): void {
  const own = at.isOwn ? items : items.filter(item => isMentioned(item, at));
  if (!at.isCut) at.into[path] = own.map(item => clipped(idOf(item) ?? textOf(item))).toSorted();
  const [self, ...others] = items.filter(item => isSelf(item, at));
  if (isMembers(self) && others.length === 0) {
    for (const [name, inner] of Object.entries(self)) collect(inner, `${path}[own].${name}`, { ...at, isOwn: true });
  }
}

function isSelf(item: unknown, { scope, isOfResource }: Place): boolean {
  const own = scope.values['id'];
  return isOfResource && own !== undefined && own !== null && idOf(item) === String(own);
}

/** Whether an item says that it belongs to the scope. A short number may stand for anything: then its name must fit. */
function isMentioned(item: unknown, { scope, isOfResource }: Place): boolean {
  const tokens = tokensOf(scope);
  return leavesIn(item).some(({ name, text, depth }) => {
    if (text.includes(scope.marker)) return true;
    const isOwnId = depth <= 1 && ID_MEMBERS.some(own => own === name);
    return tokens.some(token => {
      if (text.endsWith(`/${token.text}`)) return true;
      if (text !== token.text) return false;
      return token.text.length >= TELLING || (isOwnId ? isOfResource : isReference(name, token.name));
    });
  });
}

/** Whether a member is named like one that refers to something: `order_id`, `orderId`, `order`, `ref`, `href`. */
function isReference(name: string, token: string): boolean {
  const owner = token.replace(/\.id$/, '').toLowerCase();
  const isNamed = owner !== 'id' && owner !== '' && name.toLowerCase().includes(owner);
  return isNamed || /(_id|Id|ID|uuid|ref|href|url|uri|link|self|key|code|sku|number)$/.test(name);
}

interface Token {
  readonly name: string;
  readonly text: string;
}

function tokensOf({ values }: Scope): readonly Token[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const isId = (typeof value === 'string' && value !== '') || typeof value === 'number';
    return isId ? [{ name, text: String(value) }] : [];
  });
}

function leavesIn(
  value: unknown,
  name = '',
  depth = 0,
): readonly { readonly name: string; readonly text: string; readonly depth: number }[] {
  if (Array.isArray(value)) return value.flatMap(item => leavesIn(item, name, depth + 1));
  if (isMembers(value)) return Object.entries(value).flatMap(([inner, one]) => leavesIn(one, inner, depth + 1));
  return value === null || value === undefined ? [] : [{ name, text: plainOf(value), depth }];
}

/** What tells an item apart: its id; `null` when it has none. */
function idOf(item: unknown): string | null {
  if (!isMembers(item)) return null;
  const found = ID_MEMBERS.map(name => item[name]).find(value => typeof value === 'string' || isLosslessNumber(value));
  return found === undefined ? null : plainOf(found);
}

/** Whether an answer says that there is more on another page. */
function isCut(response: Response, document: unknown): boolean {
  if (/\brel="?next"?/i.test(header(response, 'link') ?? '')) return true;
  if (!isMembers(document)) return false;
  const places: readonly Record<string, unknown>[] = [document, ...Object.values(document).filter(isMembers)];
  return places.some(place =>
    Object.entries(place).some(([name, value]) => {
      if (/^has_?more$/i.test(name)) return value === true;
      return (
        /^next(_?page(_?token)?|_?cursor|_?link)?$/i.test(name) && value !== null && value !== '' && value !== false
      );
    }),
  );
}

/** The JSON text of a scalar or an item, numbers as they were written. */
function textOf(value: unknown): string {
  return stringify(value) ?? '';
}

function plainOf(value: unknown): string {
  return isLosslessNumber(value) ? value.value : String(value);
}

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)}…${digestOf(text)}`;
}

/** FNV-1a, 32 bits: enough to tell two long texts of one member apart. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether a value is a JSON object. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}
