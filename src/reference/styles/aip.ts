import type { Part } from '../openapi-parts.js';
import { isObject, problem, type Reply } from '../reply.js';
import { aipDocument } from './aip-document.js';
import { parsedBody, withoutHeaders, withValue } from './body.js';
import { keyFromBody, withKey } from './key-moves.js';
import { restyledResource } from './resource.js';
import { OWN_LISTS, type Asked, type Style } from './style.js';

/** What the members of a record are called (AIP-148). */
const NAMES: Readonly<Record<string, string>> = {
  id: 'uid',
  createdAt: 'create_time',
  updatedAt: 'update_time',
  deletedAt: 'delete_time',
};

/** Statuses that google.rpc.Code has no place for, or gives another meaning. */
const STATUSES: Readonly<Record<number, number>> = { 412: 409, 428: 400, 410: 404 };

const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  412: 'ABORTED',
  428: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

/**
 * Google's API improvement proposals: request_id (AIP-155), an etag in the record that goes back with the change (AIP-154),
 * lists under their own name (AIP-132), custom methods (AIP-136), no PUT (AIP-134), 200 for every success.
 */
export const aip: Style = {
  name: 'aip',
  title: 'request_id, etag as a field, custom methods, google.rpc.Status errors',
  choices: {
    ...OWN_LISTS,
    keyIn: 'header',
    inflightStatus: 409,
    mismatchStatus: 400,
    replayStatus: 'same',
    expiredStatus: null,
    writeAnswer: 'representation',
    createAnswer: 'representation',
    shop: false,
  },
  isTagged: false,
  open: () => ({ toPlain, toWire }),
  document: plain => aipDocument(plain, NAMES),
  resource: (plain, kind) =>
    kind !== 'order' && kind !== 'account' && kind !== 'note' ? null : restyled(plain, `$.${kind}s`),
};

function toPlain(given: Asked): Asked | Reply {
  if (given.method === 'PUT') return problem(404, 'method', 'There is no such method');
  const asked = withoutPreconditions(given);
  const { method, path } = asked;
  if (method === 'GET') return { ...withKey(asked, asked.query.get('request_id')), query: plainQuery(asked.query) };
  if (method === 'DELETE') return underEtag(asked, asked.query.get('etag'));
  if (method === 'PATCH') {
    const { etag, ...rest } = membersOf(asked);
    return isObject(parsedBody(asked)) ? underEtag({ ...asked, body: JSON.stringify(rest) }, etag) : asked;
  }
  if (path.endsWith(':deposit')) {
    return keyFromBody({ ...asked, path: path.replace(/:deposit$/, '/deposits') }, 'request_id');
  }
  return { ...withKey(asked, asked.query.get('request_id')), query: new URLSearchParams() };
}

function withoutPreconditions(asked: Asked): Asked {
  const headers = new Headers(asked.headers);
  for (const name of ['if-match', 'if-none-match', 'idempotency-key']) headers.delete(name);
  return { ...asked, headers };
}

function underEtag(asked: Asked, etag: unknown): Asked {
  if (typeof etag !== 'string') return asked;
  const headers = new Headers(asked.headers);
  headers.set('if-match', etag);
  return { ...asked, headers, query: new URLSearchParams() };
}

/** `filter=reference = "x"` (AIP-160), `page_size` and `page_token` (AIP-158). */
function plainQuery(query: URLSearchParams): URLSearchParams {
  const plain = new URLSearchParams();
  const [, field, value] = /^\s*(\w+)\s*=\s*"([^"]*)"\s*$/.exec(query.get('filter') ?? '') ?? [];
  if (field !== undefined && value !== undefined) plain.set(field, value);
  for (const [name, own] of [
    ['page_size', 'limit'],
    ['page_token', 'after'],
  ] as const) {
    const found = query.get(name);
    if (found !== null) plain.set(own, found);
  }
  return plain;
}

function toWire(reply: Reply, asked: Asked): Reply {
  const described = withoutHeaders(reply, 'etag', 'location', 'link', 'content-length');
  if (reply.status >= 400) return refusal(described);
  const value = parsedBody(reply);
  if (reply.status === 204 || !isObject(value))
    return { ...described, ...(reply.body === null ? EMPTY : {}), status: 200 };
  const collection = /([a-z]+)$/.exec(asked.path)?.[1] ?? '';
  if (Array.isArray(value['items'])) {
    const records = value['items'].map(item => renamed(item, asked.path));
    return { ...withValue(described, { [collection]: records, next_page_token: value['next'] ?? '' }), status: 200 };
  }
  const { etag } = reply.headers;
  const record = { ...renamed(value, asked.path), ...(etag === undefined ? {} : { etag }) };
  return { ...withValue(described, record), status: 200 };
}

const EMPTY = { headers: { 'content-type': 'application/json' }, body: '{}' };

function renamed(record: unknown, path: string): Part {
  if (!isObject(record)) return {};
  const collection = path.replace(/^\//, '').replace(/(?<=s)\/[^/]+$/, '');
  const members = Object.entries(record).map(([name, value]) => [NAMES[name] ?? name, value]);
  return { name: `${collection}/${String(record['id'])}`, ...Object.fromEntries(members) };
}

function refusal(reply: Reply): Reply {
  const value = parsedBody(reply);
  const { title, detail, type, status: _, ...more } = isObject(value) ? value : {};
  const isTwin = type === 'urn:problem:duplicate';
  const status = isTwin ? 'ALREADY_EXISTS' : (CODES[reply.status] ?? 'INTERNAL');
  const code = STATUSES[reply.status] ?? reply.status;
  const message = [title, detail].filter(text => text !== undefined).join('. ');
  const headers = { ...reply.headers, 'content-type': 'application/json' };
  return {
    status: code,
    headers,
    body: JSON.stringify({
      error: { code, message, status, ...(Object.keys(more).length > 0 ? { details: [more] } : {}) },
    }),
  };
}

function membersOf(asked: Asked): Part {
  const value = parsedBody(asked);
  return isObject(value) ? value : {};
}

function restyled(plain: Part, items: string): Part {
  const { replace: _, ...rest } = plain;
  const resource = restyledResource(rest, {
    shown: path => `$.${NAMES[path.slice(2)] ?? path.slice(2)}`,
    items,
    request: (line, role) => {
      if (role === 'list') return line.replace(/\?(\w+)=(.*)$/, '?filter=$1%3D%22$2%22');
      return line.replace(/\/deposits$/, ':deposit');
    },
    key: (key, role) => ({ ...key, in: role === 'create' ? 'query' : 'body', name: 'request_id' }),
  });
  const contract = resource['contract'];
  return {
    ...resource,
    ...(isObject(contract) ? { contract: aipContract(contract) } : {}),
    ...('version' in plain || (isObject(contract) && contract['etag'] !== undefined)
      ? { version: { in: 'body', name: 'etag' } }
      : {}),
  };
}

function aipContract(contract: Part): Part {
  const { etag, deleteMissing } = contract;
  const missing = isObject(etag) && Array.isArray(etag['missing']) ? [400] : 'permitted';
  const absent = Array.isArray(deleteMissing) && deleteMissing.includes(204) ? [200] : [404];
  return { ...contract, deleteMissing: absent, ...(etag === undefined ? {} : { etag: { mismatch: [409], missing } }) };
}
