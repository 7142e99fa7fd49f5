import type { HeaderLine, Method, Request, Response } from '../../core/http.js';
import type { Documented, Operation, Payload, Role } from '../../core/operation.js';
import type { Contract } from '../../core/contract.js';
import type { Location } from '../../core/errors.js';
import type { Scope, Value } from '../../core/scope.js';
import { isMembers } from '../data.js';
import { locationsIn } from '../selector.js';
import { fillJson, fillPath, fillText, namesIn } from '../template.js';

/** An operation as written, in its long form. */
export interface WrittenOperation {
  readonly request: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly form?: Readonly<Record<string, string | number | boolean>>;
  readonly contentType?: string;
  readonly variant?: unknown;
  readonly unique?: readonly string[];
  readonly omit?: readonly string[];
  readonly faults?: { readonly invalid?: unknown; readonly crash?: unknown };
}

/** What an operation is made of beside its own text. */
export interface OperationSetting {
  readonly role: Role;
  readonly resource: string;
  readonly contract: Contract;
  readonly location: Location | null;
  readonly documented: Documented | null;
  readonly capture: (response: Response) => Readonly<Record<string, Value>>;
}

/** Compiles an operation. What it builds is the same for the same scope, to the byte. */
export function compileOperation(written: WrittenOperation, setting: OperationSetting): Operation {
  const [method, target] = requestOf(written.request);
  const bodies = payloadsOf(written);
  const type = contentTypeOf(written);
  const marks = [target, written.headers, written.body, written.text, written.form].flatMap(namesIn);
  return {
    ...setting,
    name: `${method} ${target.split('?')[0] ?? target}`,
    method,
    path: target,
    payloads: new Set(bodies.keys()),
    unique: written.unique ?? null,
    marked: marks.includes('marker'),
    tags: [],
    operationId: null,
    build(scope: Scope, payload: Payload = 'body'): Request {
      const body = bodies.get(payload) ?? bodies.get('body') ?? null;
      const headers: HeaderLine[] = Object.entries(written.headers ?? {}).map(([name, text]) => [
        name,
        fillText(text, scope),
      ]);
      const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
      return {
        method,
        path: fillPath(target, scope),
        headers: body === null || hasType || type === null ? headers : [['content-type', type], ...headers],
        body: body === null ? null : body(scope),
      };
    },
  };
}

/** Method and path of `METHOD /path`. */
export function requestOf(text: string): readonly [Method, string] {
  const [method = 'GET', ...rest] = text.trim().split(/\s+/);
  return [methodOf(method), rest.join(' ')];
}

function methodOf(text: string): Method {
  switch (text) {
    case 'HEAD':
    case 'OPTIONS':
    case 'POST':
    case 'PUT':
    case 'PATCH':
    case 'DELETE':
      return text;
    default:
      return 'GET';
  }
}

type Build = (scope: Scope) => string;

/** How each payload is built. A variant nobody wrote is the body with its first plain number one higher, or its first boolean turned. */
function payloadsOf(written: WrittenOperation): ReadonlyMap<Payload, Build | null> {
  const { body, text, form, variant, omit, faults } = written;
  const payloads = new Map<Payload, Build | null>();
  if (text !== undefined) {
    payloads.set('body', scope => fillText(text, scope));
    if (typeof variant === 'string') payloads.set('variant', scope => fillText(variant, scope));
    return payloads;
  }
  const encode = form === undefined ? jsonOf : formOf;
  const base: unknown = form ?? body;
  if (base === undefined) return payloads.set('body', null);
  payloads.set('body', encode(base));
  const other = variant === undefined ? derived(base) : merged(base, variant);
  if (other !== undefined) payloads.set('variant', encode(other));
  if (omit !== undefined) payloads.set('omit', encode(without(base, omit)));
  if (faults?.invalid !== undefined) payloads.set('invalid', encode(faults.invalid));
  if (faults?.crash !== undefined) payloads.set('crash', encode(faults.crash));
  return payloads;
}

function jsonOf(value: unknown): Build {
  return scope => JSON.stringify(fillJson(value, scope));
}

function formOf(value: unknown): Build {
  return scope => {
    const filled = fillJson(value, scope);
    return new URLSearchParams(
      isMembers(filled) ? Object.entries(filled).map(([name, item]): [string, string] => [name, String(item)]) : [],
    ).toString();
  };
}

function contentTypeOf({ contentType, text, form, body }: WrittenOperation): string | null {
  if (contentType !== undefined) return contentType;
  if (text !== undefined) return 'text/plain';
  if (form !== undefined) return 'application/x-www-form-urlencoded';
  return body === undefined ? null : 'application/json';
}

/** JSON merge patch (RFC 7396) without the deleting `null`. */
function merged(base: unknown, over: unknown): unknown {
  if (!isMembers(base) || !isMembers(over)) return over;
  const both = Object.entries(over).map(([name, value]) => [name, name in base ? merged(base[name], value) : value]);
  return { ...base, ...Object.fromEntries(both) };
}

function derived(base: unknown): unknown {
  if (!isMembers(base)) return undefined;
  const found = Object.entries(base).find(([, value]) => typeof value === 'number' || typeof value === 'boolean');
  if (found === undefined) return undefined;
  const [name, value] = found;
  return { ...base, [name]: typeof value === 'number' ? value + 1 : value !== true };
}

function without(base: unknown, paths: readonly string[]): unknown {
  const copy: unknown = structuredClone(base);
  for (const location of paths.flatMap(path => locationsIn(path, copy))) {
    const holder = location
      .slice(0, -1)
      .reduce<unknown>((at, step) => (isMembers(at) ? at[String(step)] : undefined), copy);
    const last = location.at(-1);
    if (typeof holder === 'object' && holder !== null && last !== undefined) Reflect.deleteProperty(holder, last);
  }
  return copy;
}
