import { toPart, type Part } from '../openapi-parts.js';
import { SHOP_KINDS } from '../shop/spec.js';

/** What is elsewhere in a style than in the plain API, as the native format has it. */
export interface Moves {
  /** Where the id of a record stands that the server names. */
  readonly id?: Part | string;
  /** A member of an answer, by its path in the plain one. */
  readonly shown?: (path: string) => string;
  /** A member of a request body. */
  readonly sent?: (path: string) => string;
  /** Where the records stand in a list. */
  readonly items?: string;
  /** A request body, or what is merged over it; `role` is that of its operation. */
  readonly body?: (value: unknown, role: string, isWhole: boolean) => unknown;
  /** Method and path. */
  readonly request?: (line: string, role: string) => string;
  /** The key of an operation that takes one. */
  readonly key?: (plain: Part, role: string) => Part;
  readonly contentType?: string;
}

const OPERATIONS = ['create', 'list', 'read', 'replace', 'update', 'delete'];

/** Whether a resource is one of the shop, which only some styles have. */
export function isOfShop(kind: string): boolean {
  return SHOP_KINDS.some(one => one === kind);
}

/** A resource of the plain API's spec with everything in its place. */
export function restyledResource(plain: Part, moves: Moves): Part {
  const { id, shown = same } = moves;
  const restyled = Object.entries(plain).map(([name, value]) => {
    if (OPERATIONS.includes(name)) return [name, restyledOperation(value, name, moves)];
    if (name === 'actions') {
      const actions = Object.entries(toPart(value));
      const each = actions.map(([action, one]) => [action, restyledOperation(one, `action:${action}`, moves)]);
      return [name, Object.fromEntries(each)];
    }
    if (name === 'id') return [name, value === '$.id' ? (id ?? shown(value)) : value];
    if (name === 'volatile') return [name, texts(value).map(shown)];
    if (name === 'gone') return [name, withPaths(toPart(value), shown)];
    return [name, value];
  });
  return Object.fromEntries(restyled);
}

function restyledOperation(plain: unknown, role: string, moves: Moves): unknown {
  const { request = same, shown = same, sent = same, body = same, key = same, items, contentType } = moves;
  if (typeof plain === 'string') return request(plain, role);
  const operation = toPart(plain);
  const restyled = Object.entries(operation).map(([name, value]) => {
    if (name === 'request') return [name, request(String(value), role)];
    if (name === 'body') return [name, body(value, role, true)];
    if (name === 'variant') return [name, body(value, role, false)];
    if (name === 'faults') {
      return [name, Object.fromEntries(Object.entries(toPart(value)).map(([at, one]) => [at, body(one, role, false)]))];
    }
    if (name === 'unique' || name === 'omit') return [name, texts(value).map(sent)];
    if (name === 'key') return [name, value === false ? value : key(toPart(value), role)];
    if (name === 'items') return [name, items ?? value];
    if (name === 'effect') {
      const effect = withPaths(toPart(value), shown);
      return [name, { ...effect, read: request(String(effect['read']), 'read') }];
    }
    return [name, value];
  });
  const isSent = operation['body'] !== undefined && operation['contentType'] === undefined;
  return { ...Object.fromEntries(restyled), ...(isSent && contentType !== undefined ? { contentType } : {}) };
}

function withPaths(holder: Part, shown: (path: string) => string): Part {
  return typeof holder['value'] === 'string' ? { ...holder, value: shown(holder['value']) } : holder;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function same<T>(value: T): T {
  return value;
}
