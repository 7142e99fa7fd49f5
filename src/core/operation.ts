import type { Contract } from './contract.js';
import type { Location } from './errors.js';
import { header, type Method, type Request, type Response, type SentRequest } from './http.js';
import type { Scope, Value } from './scope.js';

/** What an operation does to its resource. */
export type Role = 'create' | 'list' | 'read' | 'replace' | 'update' | 'delete' | `action:${string}` | 'other';

/** Which of its payloads an operation is built with. `variant` is a different but equally valid one. */
export type Payload = 'body' | 'changed' | 'omit' | 'invalid' | 'crash';

/** What the OpenAPI document says about an operation; `null` on operations no document describes. */
export interface Documented {
  /** Response keys as written: `201`, `4XX`, `default`. */
  readonly statuses: readonly string[];
  /** Names of declared request headers, lower case. */
  readonly requestHeaders: readonly string[];
  /** Names of declared response headers, lower case. */
  readonly responseHeaders: readonly string[];
  /** What the checks of the documentation look at. */
  readonly page?: Page;
}

/** How an OpenAPI document describes one operation, for the checks of the documentation. */
export interface Page {
  /** JSONPath of the operation in its document; `null` where it stands in another file than the document itself. */
  readonly target: string | null;
  /** Swagger 2.0, whose parameters are written otherwise. */
  readonly isOld: boolean;
  readonly summary: string;
  readonly description: string;
  readonly hasBody: boolean;
  /** Media types of the request body. */
  readonly mediaTypes: readonly string[];
  /** Where its responses are written; the operation itself where there are none. */
  readonly responsesAt: Location;
  /** Responses as written, with their descriptions. */
  readonly responses: readonly { readonly status: string; readonly description: string }[];
  /** The idempotency key it declares by itself; `null` = none. */
  readonly key: DocumentedKey | null;
  /** What is written about how long a key protects; `null` = nothing. */
  readonly expiry: DocumentedExpiry | null;
  /** A declared If-Match, and whether it must be there. */
  readonly ifMatch: { readonly required: boolean; readonly location: Location } | null;
}

export interface DocumentedKey {
  readonly in: 'header' | 'body' | 'query';
  readonly name: string;
  /** `null` = not said. */
  readonly required: boolean | null;
  /** A pattern, format, length or example says how a key looks. */
  readonly hasForm: boolean;
  readonly location: Location;
}

export interface DocumentedExpiry {
  /** The sentence, or the address that leads to it. */
  readonly text: string;
  /** `null` = it cannot be read off. */
  readonly seconds: number | null;
}

/** One operation of the API under test, with everything needed to call it and to read its answer. */
export interface Operation {
  /** `METHOD /template` as the document or spec writes the path, without query. */
  readonly name: string;
  readonly method: Method;
  readonly path: string;
  readonly role: Role;
  /** Name of the resource it belongs to. */
  readonly resource: string;
  readonly contract: Contract;
  readonly payloads: ReadonlySet<Payload>;
  /** Fields of the body (JSONPath) the API keeps unique by itself; `null` = nobody said, empty = none. */
  readonly unique: readonly string[] | null;
  /** Whether path, query or body differ from attempt to attempt by the marker. */
  readonly marked: boolean;
  readonly documented: Documented | null;
  readonly tags: readonly string[];
  readonly operationId: string | null;
  readonly location: Location | null;
  /** The request, filled from the scope. The key is not in it: see `withKey`. Throws RangeError on a value the scope lacks. */
  readonly build: (scope: Scope, payload?: Payload) => Request;
  /** Values this operation captures from its answer. */
  readonly capture: (response: Response) => Readonly<Record<string, Value>>;
}

/** The request carrying an idempotency key where its operation's contract wants it. */
export function withKey(request: Request, contract: Contract, key: string): Request {
  const carrier = contract.key;
  if (carrier === null) return request;
  const text = carrier.form === 'sf-string' ? `"${key}"` : key;
  switch (carrier.in) {
    case 'header':
      return { ...request, headers: [...request.headers, [carrier.name, text]] };
    case 'query': {
      const pair = `${encodeURIComponent(carrier.name)}=${encodeURIComponent(text)}`;
      return { ...request, path: `${request.path}${request.path.includes('?') ? '&' : '?'}${pair}` };
    }
    case 'body':
      return { ...request, body: bodyWithKey(request, carrier.name, text) };
  }
}

/** The idempotency key a request carries, as it stands on the wire; `null` without one. */
export function keyOn({ url, headers, body }: SentRequest, { key }: Contract): string | null {
  if (key === null) return null;
  switch (key.in) {
    case 'header':
      return header({ headers }, key.name);
    case 'query':
      return new URL(url, 'http://relative').searchParams.get(key.name);
    case 'body':
      return memberOf(body ?? '', key.name) ?? new URLSearchParams(body ?? '').get(key.name);
  }
}

function memberOf(text: string, name: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const isThere = typeof value === 'object' && value !== null && name in value;
    return isThere ? String((value as Readonly<Record<string, unknown>>)[name]) : null;
  } catch {
    return null;
  }
}

function bodyWithKey(request: Request, name: string, key: string): string {
  const isForm = request.headers.some(([header, value]) => /^content-type$/i.test(header) && /urlencoded/i.test(value));
  if (isForm) {
    const form = new URLSearchParams(request.body ?? '');
    form.set(name, key);
    return form.toString();
  }
  const text = (request.body ?? '').trim();
  const member = `${JSON.stringify(name)}:${JSON.stringify(key)}`;
  if (!text.startsWith('{')) return `{${member}}`;
  const rest = text.slice(1).trimStart();
  return `{${member}${rest.startsWith('}') ? '' : ','}${rest}`;
}
