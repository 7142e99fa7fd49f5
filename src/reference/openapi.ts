import type { Declared } from './declared.js';
import { KEY_MEMBER } from './key-layer.js';
import { create, keyProblems, listing, polling, read, remove, type Material } from './openapi-operations.js';
import { answer, problems, body, parametersOf, partsOf, tagOf, ref, toPart, type Part } from './openapi-parts.js';
import { shopPaths } from './shop/document.js';
import { shopSchemas } from './shop/schemas.js';
import { schemas } from './openapi-schemas.js';
import { isGuarded, type Choices } from './choices.js';

/** The OpenAPI 3.1 document of an API: it says everything a client needs for a safe retry. */
export function openApiDocument(described: Material): Part {
  return {
    openapi: '3.1.0',
    info: { title: 'idem-check reference API', version: '1.0.0', description: about(described) },
    ...(described.basePath === '' ? {} : { servers: [{ url: described.basePath }] }),
    paths: isGuarded(described.choices) ? guarded(paths(described), described.choices) : paths(described),
    ...(isGuarded(described.choices) ? { security: [{ token: [] }] } : {}),
    components: {
      parameters: parameters(described),
      headers: headers(),
      schemas: { ...schemas(described.choices), ...(described.choices.shop ? shopSchemas(described.choices) : {}) },
      ...(isGuarded(described.choices)
        ? { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: TENANTS } } }
        : {}),
    },
  };
}

const TENANT_PARAMETER = {
  name: 'X-Tenant',
  in: 'header',
  required: true,
  description: 'For which tenant the request is.',
  schema: { type: 'string' },
};

const TENANTS = 'Each tenant has records of its own. A key belongs to one tenant and one endpoint.';

/** Every operation with the refusals of a caller without a token, or with one that may only read. */
function guarded(paths: Part, { callers }: Choices): Part {
  const tenant = callers === 'tenant-header' ? [ref('Tenant')] : [];
  const withRefusals = (method: string, operation: Part) => ({
    ...operation,
    ...parametersOf([...tenant, ...partsOf(operation['parameters'])]),
    responses: {
      ...toPart(operation['responses']),
      ...problems({ 401: 'No valid token', ...(method === 'get' ? {} : { 403: 'The token may only read' }) }),
    },
  });
  const each = (path: Part) => Object.entries(path).map(([method, one]) => [method, withRefusals(method, toPart(one))]);
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, Object.fromEntries(each(toPart(item)))]),
  );
}

function about({ declared, choices }: Material): string {
  const lines = ['Orders, their notes, accounts, and labels.', ...(choices.shop ? ['A shop.'] : [])];
  if (declared.keyed) lines.push(keySentence(choices), storedSentence(declared), ttlSentence(declared));
  if (declared.preconditionRequired === true)
    lines.push('PUT and PATCH of an order demand If-Match with the current ETag.');
  lines.push(`A DELETE of something already gone is answered with ${choices.deleteMissing}.`);
  return lines.filter(line => line !== '').join(' ');
}

function keySentence({ keyIn }: Choices): string {
  const place = keyIn === 'header' ? 'the Idempotency-Key header' : `the body field ${KEY_MEMBER}`;
  return `Every POST takes a key in ${place}: a retry with the same key and the same request is answered with the first answer and has no further effect.`;
}

function storedSentence({ errorsStored }: Declared): string {
  if (errorsStored === 'all') return 'Answers are stored, those of refused and failed requests as well.';
  if (errorsStored === '4xx-only')
    return 'Answers with success are stored, and refusals; a failed request frees its key.';
  return 'Answers with success are stored; a refused request frees its key.';
}

function ttlSentence({ ttlSeconds, expiredStatus }: Declared): string {
  if (ttlSeconds === null) return '';
  if (ttlSeconds === Infinity) return 'Keys never expire.';
  const after = expiredStatus === null ? '' : ` A key that has expired is refused with ${expiredStatus}.`;
  return `Keys expire ${spoken(ttlSeconds)} after the first answer.${after}`;
}

function spoken(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} hours` : `${seconds} seconds`;
}

function parameters({ declared, choices }: Material): Part {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    ...(declared.keyRequired === null ? {} : { required: declared.keyRequired }),
    description: `A UUID, new for each operation and kept for its retries. ${ttlSentence(declared)}`.trim(),
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
  };
  const ifMatch = {
    name: 'If-Match',
    in: 'header',
    required: declared.preconditionRequired === true,
    description: 'The ETag the change is made to; an outdated one is refused with 412.',
    schema: { type: 'string' },
  };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  return {
    Id: id,
    ...(choices.callers === 'tenant-header' ? { Tenant: TENANT_PARAMETER } : {}),
    NoteId: { ...id, name: 'note' },
    ...(choices.shop ? { LineId: { ...id, name: 'line' } } : {}),
    ...(declared.keyed && choices.keyIn === 'header'
      ? { IdempotencyKey: key, ChangeKey: { ...key, required: false } }
      : {}),
    ...(choices.etag === 'none'
      ? {}
      : {
          IfMatch: ifMatch,
          IfMatchOptional: { ...ifMatch, required: false },
          IfNoneMatch: { name: 'If-None-Match', in: 'header', schema: { type: 'string' } },
        }),
  };
}

function headers(): Part {
  return {
    ETag: { description: 'Version of the representation, for If-Match and If-None-Match.', schema: { type: 'string' } },
    Location: { description: 'Where the new resource is.', schema: { type: 'string' } },
    OperationLocation: { description: 'Where the operation is polled.', schema: { type: 'string' } },
    RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
  };
}

function paths(described: Material): Part {
  const { choices } = described;
  const listed = (operationId: string, kind: string, filter: string, from: readonly Part[] = []) =>
    choices.list ? { get: listing(described, { operationId, kind, filter, from }) } : {};
  return {
    '/orders': { post: create(described, 'createOrder', 'Order'), ...listed('listOrders', 'Order', 'reference') },
    '/orders/{id}': {
      get: read(described, 'readOrder', 'Order'),
      put: replace(described),
      patch: change(described, 'updateOrder', 'Change an order (merge patch or JSON Patch)', 'OrderChange'),
      delete: remove(described, 'deleteOrder', [ref('Id')]),
    },
    '/orders/{id}/notes': {
      post: create(described, 'createNote', 'Note', [ref('Id')]),
      ...listed('listNotes', 'Note', 'text', [ref('Id')]),
    },
    '/orders/{id}/notes/{note}': {
      get: read(described, 'readNote', 'Note', [ref('Id'), ref('NoteId')]),
      delete: remove(described, 'deleteNote', [ref('Id'), ref('NoteId')]),
    },
    '/accounts': { post: create(described, 'createAccount', 'Account'), ...listed('listAccounts', 'Account', 'owner') },
    '/accounts/{id}': {
      get: read(described, 'readAccount', 'Account'),
      delete: remove(described, 'deleteAccount', [ref('Id')]),
    },
    ...(choices.list ? { '/labels': listed('listLabels', 'Label', 'text') } : {}),
    '/labels/{id}': {
      get: read(described, 'readLabel', 'Label'),
      put: putLabel(described),
      delete: remove(described, 'deleteLabel', [ref('Id')]),
    },
    '/accounts/{id}/deposits': { post: create(described, 'depositMoney', 'Deposit', [ref('Id')]) },
    ...(choices.shop ? shopPaths(described) : {}),
    ...polling(choices),
  };
}

function replace(described: Material): Part {
  const isWhole = described.choices.putOmitted === 'reset';
  const summary = isWhole ? 'Create or replace an order' : 'Create an order, or change what is said of it';
  const { responses, ...rest } = change(described, 'replaceOrder', summary, 'NewOrder');
  return { ...rest, responses: { 201: answer('Created', 'Order', ['Location']), ...toPart(responses) } };
}

function putLabel({ choices }: Material): Part {
  const isTagged = choices.etag !== 'none';
  const ifMatch = { name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } };
  return {
    operationId: 'putLabel',
    summary: 'Create or replace a label',
    parameters: [ref('Id'), ...(isTagged ? [ifMatch, ref('IfNoneMatch')] : [])],
    requestBody: body('LabelText'),
    responses: {
      ...(choices.writeAnswer === 'empty' ? { 204: { description: 'Done' } } : { 200: answer('Replaced', 'Label') }),
      201: answer('Created', 'Label', ['Location']),
      ...problems({ 400: 'Not valid', ...(isTagged ? { 412: 'It has changed, or is there already' } : {}) }),
    },
  };
}

function change({ choices, declared }: Material, operationId: string, summary: string, schema: string): Part {
  const isPatch = operationId === 'updateOrder';
  const isKeyed = isPatch && declared.keyed && choices.keyIn === 'header';
  const done = choices.writeAnswer === 'empty' ? { 204: { description: 'Done' } } : null;
  return {
    operationId,
    summary,
    parameters: [
      ref('Id'),
      ...(choices.etag === 'none' ? [] : [ref('IfMatch')]),
      ...(isKeyed ? [ref('ChangeKey')] : []),
    ],
    requestBody: isPatch ? body(schema, 'JsonPatch') : body(schema),
    responses: {
      ...(done ?? { 200: answer('The new representation', 'Order', isPatch ? tagOf(choices) : []) }),
      ...problems({
        400: 'Not valid',
        ...(isPatch ? { 404: 'No such order' } : {}),
        ...(isKeyed ? keyProblems(choices) : {}),
        ...(choices.etag === 'none' ? {} : { 412: 'The order has changed' }),
        ...(declared.preconditionRequired === true ? { 428: 'If-Match is missing' } : {}),
      }),
    },
  };
}
