import { toPart, type Part } from '../openapi-parts.js';
import {
  nameOf,
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
import { bodySchemaOf } from './key-moves.js';

const TYPE = 'application/vnd.api+json';
const TEXT = { type: 'string' };
const STATUSES: Readonly<Record<number, number | null>> = { 304: null, 412: 409, 428: 400 };
const PAGING: Readonly<Record<string, string>> = { limit: 'page[size]', after: 'page[after]' };

/** The document of a JSON:API. */
export function jsonApiDocument(plain: Part): Part {
  const isVersioned = 'IfMatch' in toPart(toPart(plain['components'])['parameters']);
  const moved = withOperations(plain, (operation, at) =>
    at.method === 'put' || at.path.startsWith('/labels') ? null : described(operation, at),
  );
  const schemas = withSchemas(moved, all => ({ ...documents(all, isVersioned), Problem: ERRORS }));
  return withReplaced(
    schemas,
    'PUT and PATCH of an order demand If-Match with the current ETag.',
    'PATCH of an order demands its current version, as the attribute version.',
  );
}

function described(operation: Part, at: At): Part {
  const own = withParameters(operation, (name, parameter) => {
    if (name.startsWith('IfMatch') || name === 'IfNoneMatch') return [];
    if (PAGING[name] !== undefined) return [{ ...parameter, name: PAGING[name] }];
    return [parameter['in'] === 'query' ? { ...parameter, name: `filter[${name}]` } : parameter];
  });
  const renumbered = withStatuses(own, status => (status in STATUSES ? (STATUSES[status] ?? null) : status));
  const answered = withResponses(renumbered, (response, status) => {
    const { headers, ...rest } = response;
    const { ETag: _, ...others } = toPart(headers);
    const bare = Object.keys(others).length === 0 ? rest : { ...rest, headers: others };
    return withContent(bare, TYPE, schema =>
      status < 400 ? { $ref: `#/components/schemas/${nameOf(schema)}Document` } : schema,
    );
  });
  return withBody(answered, operation, at);
}

function withBody(operation: Part, plain: Part, { method, path }: At): Part {
  const name = bodySchemaOf(plain);
  if (name === null) return operation;
  const media = toPart(toPart(toPart(plain['requestBody'])['content'])['application/json']);
  const type =
    path
      .replace(/\/\{[^}]*\}$/, '')
      .split('/')
      .at(-1) ?? '';
  const isChange = method === 'patch';
  const isDemanded = '428' in toPart(plain['responses']);
  const attributes = isChange ? changed(isDemanded) : { $ref: `#/components/schemas/${name}` };
  const data = {
    type: 'object',
    properties: { type: { type: 'string', enum: [type] }, ...(isChange ? { id: TEXT } : {}), attributes },
    required: ['type', 'attributes'],
  };
  const example = { data: { type, attributes: media['example'] } };
  const schema = { type: 'object', properties: { data }, required: ['data'] };
  return { ...operation, requestBody: { required: true, content: { [TYPE]: { schema, example } } } };
}

function changed(isDemanded: boolean): Part {
  const version = { ...TEXT, description: 'The version the change is made to; an outdated one is refused with 409.' };
  const own = { type: 'object', properties: { version }, ...(isDemanded ? { required: ['version'] } : {}) };
  return { allOf: [{ $ref: '#/components/schemas/OrderChange' }, own] };
}

function documents(all: Part, isVersioned: boolean): Part {
  const schemas = Object.entries(SHOWN).flatMap(([kind, type]) => {
    const { id, ...members } = toPart(toPart(all[kind])['properties']);
    const version = isVersioned && kind !== 'Deposit' ? { version: { ...TEXT, description: 'Its version.' } } : {};
    const record = {
      type: 'object',
      properties: {
        type: { type: 'string', enum: [type] },
        id,
        attributes: { type: 'object', properties: { ...members, ...version } },
      },
      required: ['type', 'id'],
    };
    const one = { $ref: `#/components/schemas/${kind}` };
    const links = { type: 'object', properties: { next: TEXT } };
    return [
      [kind, record],
      [`${kind}Document`, { type: 'object', properties: { data: one }, required: ['data'] }],
      [
        `${kind}PageDocument`,
        { type: 'object', properties: { data: { type: 'array', items: one }, links }, required: ['data'] },
      ],
    ];
  });
  return Object.fromEntries(schemas);
}

const ERRORS = {
  type: 'object',
  properties: {
    errors: {
      type: 'array',
      items: { type: 'object', properties: { status: TEXT, code: TEXT, title: TEXT, detail: TEXT } },
    },
  },
};
