import { toPart, type Part } from '../openapi-parts.js';
import { isObject, problem, type Reply } from '../reply.js';
import { parsedBody, withoutHeaders, withValue } from './body.js';
import { jsonApiDocument } from './json-api-document.js';
import { restyledResource } from './resource.js';
import { OWN_LISTS, type Asked, type Style } from './style.js';

const TYPE = 'application/vnd.api+json';

/** What a stale version or none at all is refused with: JSON:API knows 409 and 400. */
const STATUSES: Readonly<Record<number, number>> = { 412: 409, 428: 400 };

/** JSON:API 1.1, with optimistic locking by an attribute `version` that goes back with the change; no PUT. */
export const jsonApi: Style = {
  name: 'json-api',
  title: 'JSON:API documents, the version is an attribute',
  choices: { ...OWN_LISTS, keyIn: 'header', shop: false },
  isTagged: false,
  open: () => ({ toPlain, toWire }),
  document: jsonApiDocument,
  resource: (plain, kind) =>
    kind !== 'order' && kind !== 'account' && kind !== 'note' ? null : restyled(plain, `${kind}s`),
};

function toPlain(given: Asked): Asked | Reply {
  if (given.method === 'PUT') return problem(405, 'method', 'The resource has no such method');
  const headers = new Headers(given.headers);
  for (const name of ['if-match', 'if-none-match']) headers.delete(name);
  const asked = { ...given, headers };
  if (given.method === 'GET') return plainQuery(asked);
  // "it MUST return 400 Bad Request", of a parameter that it does not know (JSON:API 1.1, query parameters).
  if (asked.query.size > 0) return problem(400, 'parameter', 'There is no such query parameter');
  const value = parsedBody(asked);
  const data = toPart(isObject(value) ? value['data'] : undefined);
  if (!isObject(data['attributes'])) return asked;
  const { version, ...attributes } = data['attributes'];
  if (typeof version === 'string') headers.set('if-match', tagOf(version));
  headers.set('content-type', 'application/json');
  return { ...asked, body: JSON.stringify(attributes) };
}

function plainQuery(asked: Asked): Asked | Reply {
  const query = new URLSearchParams();
  for (const [name, value] of asked.query) {
    const plain = PAGING[name] ?? /^filter\[(\w+)\]$/.exec(name)?.[1];
    if (plain === undefined) return problem(400, 'parameter', 'There is no such query parameter');
    query.set(plain, value);
  }
  return { ...asked, query };
}

const PAGING: Readonly<Record<string, string>> = { 'page[size]': 'limit', 'page[after]': 'after' };

function toWire(reply: Reply, asked: Asked): Reply {
  const { status } = reply;
  const described = withoutHeaders(reply, 'etag', 'link', 'content-length');
  const value = parsedBody(reply);
  if (!isObject(value)) return described;
  const headers = { ...described.headers, 'content-type': typeOf(described) };
  if (status >= 400) return { status: STATUSES[status] ?? status, headers, body: errors(value) };
  if (!Array.isArray(value['items'])) {
    return { ...withValue(described, { data: resourceOf(value, reply.headers['etag']) }), headers };
  }
  const data = value['items'].map(item => resourceOf(toPart(item), undefined));
  const next = typeof value['next'] === 'string' ? { next: nextPage(asked, value['next']) } : {};
  return { ...withValue(described, { data, links: next }), headers };
}

// Another media type than JSON's is a flaw's, and stays.
function typeOf({ headers }: Reply): string {
  const type = headers['content-type'] ?? '';
  return /json/.test(type) ? TYPE : type;
}

/** The kind of record, as its members show it: an answer may be that of another operation. */
function typeOfRecord(record: Part): string {
  const found = Object.entries({ owner: 'accounts', account: 'deposits', order: 'notes', colour: 'labels' });
  return found.find(([member]) => member in record)?.[1] ?? 'orders';
}

function resourceOf({ id, ...rest }: Part, tag: string | undefined): Part {
  const type = typeOfRecord(rest);
  const attributes = { ...rest, ...(tag === undefined ? {} : { version: versionOf(tag) }) };
  return { type, ...(id === undefined ? {} : { id }), attributes };
}

function nextPage({ path, query }: Asked, after: string): string {
  const params = new URLSearchParams(query);
  params.set('page[after]', after);
  return `${path}?${params}`;
}

/** The text of a strong tag; anything else as it is. */
function versionOf(tag: string): string {
  return /^"[^"]*"$/.test(tag) ? tag.slice(1, -1) : tag;
}

function tagOf(version: string): string {
  return version === '*' || /^(W\/)?"/.test(version) ? version : `"${version}"`;
}

function errors({ type, title, status, detail, ...more }: Part): string {
  const code = String(type).replace('urn:problem:', '');
  return JSON.stringify({
    errors: [
      {
        status: String(STATUSES[Number(status)] ?? status),
        code,
        title,
        detail,
        ...(Object.keys(more).length > 0 ? { meta: more } : {}),
      },
    ],
  });
}

function restyled(plain: Part, type: string): Part {
  const { replace: _, ...rest } = plain;
  const attribute = (path: string) => path.replace(/^\$\./, '$.data.attributes.');
  const resource = restyledResource(rest, {
    id: '$.data.id',
    shown: attribute,
    sent: attribute,
    items: '$.data',
    contentType: TYPE,
    body: (attributes, role, isWhole) => {
      const own = role.startsWith('action:') ? 'deposits' : type;
      const id = role === 'update' ? { id: '{{id}}' } : {};
      return { data: { ...(isWhole ? { type: own, ...id } : {}), attributes } };
    },
    request: (line, role) => (role === 'list' ? line.replace(/\?(\w+)=/, '?filter%5B$1%5D=') : line),
  });
  const { contract } = resource;
  return {
    ...resource,
    ...(isObject(contract) ? { contract: ownContract(contract) } : {}),
    ...('version' in plain || (isObject(contract) && contract['etag'] !== undefined)
      ? { version: { in: 'body', name: '$.data.attributes.version' } }
      : {}),
  };
}

function ownContract(contract: Part): Part {
  const { etag } = contract;
  if (!isObject(etag)) return contract;
  return { ...contract, etag: { mismatch: [409], missing: Array.isArray(etag['missing']) ? [400] : 'permitted' } };
}
