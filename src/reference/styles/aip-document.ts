import { toPart, type Part } from '../openapi-parts.js';
import {
  SHOWN,
  withContent,
  withOperations,
  withParameters,
  withReplaced,
  withResponses,
  withSchemas,
  withStatuses,
  type At,
} from './document.js';
import { bodySchemaOf, isKeyParameter, withKeyInBodies } from './key-moves.js';

const TEXT = { type: 'string' };
const STATUSES: Readonly<Record<number, number | null>> = {
  201: 200,
  204: 200,
  304: null,
  410: 404,
  412: 409,
  428: 400,
};
const PAGING: Readonly<Record<string, string>> = { limit: 'page_size', after: 'page_token' };

/** The document in the manner of Google's HTTP annotations. `names` says what members of a record are called. */
export function aipDocument(plain: Part, names: Readonly<Record<string, string>>): Part {
  const isVersioned = 'IfMatch' in toPart(toPart(plain['components'])['parameters']);
  const keyed = withKeyInBodies(plain, 'request_id', path => path.endsWith('/deposits'));
  const moved = withOperations(keyed, (operation, at) => {
    if (at.method === 'put' || at.path.startsWith('/labels')) return null;
    return withEtag(described(operation, at, plain), operation, at);
  });
  const schemas = withSchemas(moved, all => ({
    ...records(all, names, isVersioned),
    ...changes(all),
    Problem: STATUS,
  }));
  const paths = Object.entries(toPart(schemas['paths'])).map(([path, item]) => [
    path.replace(/\/deposits$/, ':deposit'),
    item,
  ]);
  return withReplaced(
    withReplaced(
      { ...schemas, paths: Object.fromEntries(paths) },
      'the Idempotency-Key header',
      'request_id (query; body of a custom method)',
    ),
    'PUT and PATCH of an order demand If-Match with the current ETag.',
    'PATCH of an order demands its current etag.',
  );
}

function described(operation: Part, { method, path }: At, plain: Part): Part {
  const parameters = toPart(toPart(plain['components'])['parameters']);
  const own = withParameters(operation, (name, parameter) => {
    if (['IfMatch', 'IfNoneMatch', 'ChangeKey'].includes(name)) return [];
    if (name === 'IfMatchOptional')
      return [{ name: 'etag', in: 'query', schema: TEXT, description: 'The version it is made to.' }];
    if (isKeyParameter(parameter)) return [{ ...toPart(parameters[name]), name: 'request_id', in: 'query' }];
    if (PAGING[name] !== undefined) return [{ ...parameter, name: PAGING[name] }];
    if (parameter['in'] !== 'query') return [parameter];
    return [{ name: 'filter', in: 'query', schema: TEXT, description: `Such as ${name} = "x" (AIP-160).` }];
  });
  const renumbered = withStatuses(own, status => (status in STATUSES ? (STATUSES[status] ?? null) : status));
  return withResponses(renumbered, (response, status) => {
    const { headers: _, ...bare } = response;
    const isEmpty = status === 200 && bare['content'] === undefined && (method === 'delete' || path.endsWith('}'));
    if (isEmpty) return { ...bare, content: { 'application/json': { schema: { type: 'object' } } } };
    return withContent(bare, 'application/json', schema => schema);
  });
}

/** A change names the etag it is made to, in its body. */
function withEtag(operation: Part, plain: Part, { method }: At): Part {
  if (method !== 'patch') return operation;
  const media = toPart(toPart(toPart(operation['requestBody'])['content'])['application/json']);
  const isDemanded = '428' in toPart(plain['responses']);
  const name = `${bodySchemaOf(operation) ?? ''}${isDemanded ? 'UnderEtag' : 'WithEtag'}`;
  const schema = { $ref: `#/components/schemas/${name}` };
  return { ...operation, requestBody: { required: true, content: { 'application/json': { ...media, schema } } } };
}

function changes(all: Part): Part {
  const change = toPart(all['OrderChange']);
  const etag = {
    ...TEXT,
    description: 'The version the change is made to; an outdated one is refused with 409 (ABORTED).',
  };
  const withIt = { ...change, properties: { ...toPart(change['properties']), etag } };
  return { OrderChangeWithEtag: withIt, OrderChangeUnderEtag: { ...withIt, required: ['etag'] } };
}

function records(all: Part, names: Readonly<Record<string, string>>, isVersioned: boolean): Part {
  const schemas = Object.entries(SHOWN).flatMap(([kind, collection]) => {
    const record = toPart(all[kind]);
    const members = Object.entries(toPart(record['properties'])).map(([name, schema]) => [names[name] ?? name, schema]);
    const etag = isVersioned && kind !== 'Deposit' ? { etag: { ...TEXT, description: 'Its version.' } } : {};
    const required = listOf(record['required']).map(name => names[name] ?? name);
    const items = { type: 'array', items: { $ref: `#/components/schemas/${kind}` } };
    return [
      [kind, { type: 'object', properties: { name: TEXT, ...Object.fromEntries(members), ...etag }, required }],
      [
        `${kind}Page`,
        { type: 'object', properties: { [collection]: items, next_page_token: TEXT }, required: [collection] },
      ],
    ];
  });
  return Object.fromEntries(schemas);
}

const STATUS = {
  type: 'object',
  properties: {
    error: { type: 'object', properties: { code: { type: 'integer' }, message: TEXT, status: TEXT } },
  },
};

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
