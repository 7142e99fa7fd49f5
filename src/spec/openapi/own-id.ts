import { isMembers, member, textMember, type Members } from '../data.js';
import { WRAPPERS } from './answers.js';
import type { ApiOperation } from './operations.js';

/** Where the id of a record is known from. */
export interface OwnId {
  /** JSONPath of the id in the answer of the create; `null` = not documented. */
  readonly place: string | null;
  /** The request as it is called, `PUT /v1/publishers/{publisher.id}/books/{id}`. */
  readonly request: string;
}

/**
 * A body in which the id of the path is repeated where the kind of API wants it: at the place of the id, as `_id`, `id`
 * or the parameter of the path, as `data.id` with `data.type` (JSON:API), `metadata.name` with `kind` (Kubernetes), as the
 * whole `name` of a resource (AIP-122).
 */
export function withOwnId(operation: ApiOperation, body: Members, own: OwnId): Members {
  const isItem = (own.request.split('?')[0] ?? '').endsWith('{id}') && /^(PUT|PATCH)$/.test(operation.method);
  const typed = kubernetes(operation, jsonApi(operation, body, isItem), isItem);
  if (!isItem) return typed;
  const steps =
    /^\$((?:\.\w+)+)$/
      .exec(own.place ?? '')?.[1]
      ?.split('.')
      .slice(1) ?? [];
  const named = wholeName(typed, own.request);
  if (named !== null) return named;
  if (isScalar(steps.reduce<unknown>((held, step) => member(held, step), typed))) return put(typed, steps);
  return byName(typed, /\{([^{}]+)\}$/.exec(operation.path)?.[1] ?? 'id');
}

function jsonApi(operation: ApiOperation, body: Members, isItem: boolean): Members {
  const { data } = body;
  if (!isMembers(data) || !/vnd\.api\+json/i.test(operation.body?.mediaType ?? '')) return body;
  const collection = operation.path.split('/').findLast(segment => segment !== '' && !segment.includes('{'));
  const type = data['type'] ?? collection;
  return { ...body, data: { ...data, type, ...(isItem ? { id: '{{id}}' } : {}) } };
}

function kubernetes(operation: ApiOperation, body: Members, isItem: boolean): Members {
  const is = member(operation.node.value, 'x-kubernetes-group-version-kind');
  const [group, version, kind] = ['group', 'version', 'kind'].map(word => textMember(is, word));
  if (version == null || kind == null || (!isItem && operation.method !== 'POST') || operation.method === 'PATCH')
    return body;
  const { metadata } = body;
  const name = isItem ? '{{id}}' : '{{marker}}';
  const apiVersion = group === undefined || group === null || group === '' ? version : `${group}/${version}`;
  return { ...body, apiVersion, kind, metadata: { ...(isMembers(metadata) ? metadata : {}), name } };
}

/** `publishers/1/books/2` of an example as the address that is called. */
function wholeName(body: Members, request: string): Members | null {
  const { name } = body;
  const first = typeof name === 'string' ? /^([a-z][\w-]*)\/[^/]+(\/|$)/i.exec(name)?.[1] : undefined;
  const path = request.split(' ')[1] ?? '';
  const at = first === undefined ? -1 : path.indexOf(`/${first}/`);
  if (at === -1) return null;
  return { ...body, name: path.slice(at + 1).replaceAll(/\{([^{}]+)\}/g, '{{$1}}') };
}

/** The id under its usual names, below the wrappers of the record; a `name` may be free to change. */
function byName(body: Members, parameter: string): Members {
  const plain = (text: string) => text.replaceAll(/[_-]/g, '').toLowerCase();
  const wanted = new Set(['id', ...(plain(parameter) === 'name' ? [] : [plain(parameter)])]);
  const own = Object.entries(body).find(([name, value]) => wanted.has(plain(name)) && isScalar(value));
  if (own !== undefined) return { ...body, [own[0]]: '{{id}}' };
  const inner = Object.entries(body).find(([name, value]) => WRAPPERS.has(name) && isMembers(value));
  return inner !== undefined && isMembers(inner[1]) ? { ...body, [inner[0]]: byName(inner[1], parameter) } : body;
}

function put(body: Members, [step, ...rest]: readonly string[]): Members {
  if (step === undefined) return body;
  const inner = body[step];
  return { ...body, [step]: rest.length === 0 || !isMembers(inner) ? '{{id}}' : put(inner, rest) };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
