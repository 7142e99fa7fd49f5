import { toPart, type Part } from '../openapi-parts.js';
import { idOf, isObject, withReplyHeader, type Reply } from '../reply.js';
import { nameOf, withContent, withOperations, withResponses, withSchemas, withWords } from './document.js';
import { restyledResource } from './resource.js';
import { parsedBody, withoutHeaders } from './body.js';
import { OWN_LISTS, type Style } from './style.js';

const KINDS = ['Order', 'Account', 'Note', 'Label'];

/** Everything shown is in an envelope; what makes a record says no more than where it is. */
export const enveloped: Style = {
  name: 'enveloped',
  title: 'answers in { "data": ... }, errors in { "error": ... }, empty 201 with Location',
  choices: OWN_LISTS,
  isTagged: true,
  open: () => ({ toPlain: asked => asked, toWire: wrapped }),
  document: plain =>
    withWords(withSchemas(withOperations(plain, wrappedAnswers), schemas), 'Everything shown is in an envelope.'),
  resource: plain =>
    restyledResource(plain, {
      id: { header: 'Location' },
      shown: path => path.replace(/^\$\./, '$.data.'),
      items: '$.data',
    }),
};

/** Whether an answer only says where the new record is. */
function isPlaced(status: number, headers: Part): boolean {
  return (status === 200 || status === 201) && Object.keys(headers).some(name => name.toLowerCase() === 'location');
}

// The text of a representation stays as it is: what a flaw does to its bytes is to be seen.
function wrapped(reply: Reply): Reply {
  const { headers, body, status } = reply;
  if (isPlaced(status, headers)) return placed(reply);
  const value = parsedBody(reply);
  if (body === null || value === undefined) return reply;
  if (status >= 400) {
    const { type, ...described } = isObject(value) ? value : {};
    const code = String(type).replace('urn:problem:', '');
    const error = JSON.stringify({ error: { code, ...described } });
    return { status, headers: { ...headers, 'content-type': 'application/json' }, body: error };
  }
  if (!isObject(value) || !Array.isArray(value['items'])) return { ...reply, body: `{"data":${body}}` };
  return { ...reply, body: JSON.stringify({ data: value['items'], meta: { next: value['next'] } }) };
}

// The record the plain reply speaks of is the one that the Location names.
function placed(reply: Reply): Reply {
  const { location = '' } = reply.headers;
  const id = idOf(reply);
  const place = id === '' ? location : location.replace(/[^/]*$/, encodeURIComponent(id));
  return { ...withReplyHeader(withoutHeaders(reply, 'content-type', 'content-length'), 'location', place), body: null };
}

function wrappedAnswers(operation: Part): Part {
  return withResponses(operation, (response, status) => {
    const { content, ...bare } = response;
    if (content !== undefined && isPlaced(status, toPart(response['headers']))) return bare;
    return withContent(response, 'application/json', schema => {
      const isBare = status < 400 && nameOf(schema)?.endsWith('Page') !== true;
      return isBare ? { type: 'object', properties: { data: schema }, required: ['data'] } : schema;
    });
  });
}

function schemas(): Part {
  const text = { type: 'string' };
  const page = (kind: string) => ({
    type: 'object',
    properties: {
      data: { type: 'array', items: { $ref: `#/components/schemas/${kind}` } },
      meta: { type: 'object', properties: { next: { type: ['string', 'null'] } } },
    },
    required: ['data'],
  });
  const error = { type: 'object', properties: { code: text, title: text, status: { type: 'integer' }, detail: text } };
  return {
    ...Object.fromEntries(KINDS.map(kind => [`${kind}Page`, page(kind)])),
    Problem: { type: 'object', properties: { error }, required: ['error'] },
  };
}
