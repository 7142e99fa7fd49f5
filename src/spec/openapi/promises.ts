import type { Documented } from '../../core/operation.js';
import type { Contract, Key } from '../../generated/spec.js';
import type { Layer } from '../contract.js';
import { member, textMember } from '../data.js';
import { secondsOf } from '../duration.js';
import type { ApiDocument } from './document.js';
import type { ApiOperation, Parameter } from './operations.js';
import { shapeOf } from './shape.js';

const KEY_HEADERS =
  /^(x-)?([a-z]+-)?idempotency-?key$|^paypal-request-id$|^repeatability-request-id$|^x-request-idempotency$/i;
const KEY_FIELDS = /^(request_id|idempotency_?key|idempotency-key)$/i;

/** What a document says of one operation: statuses, headers. */
export function documentedBy({ responses, parameters }: ApiOperation): Documented {
  return {
    statuses: responses.map(({ status }) => status),
    requestHeaders: parameters.filter(parameter => parameter.in === 'header').map(({ name }) => name.toLowerCase()),
    responseHeaders: [...new Set(responses.flatMap(({ headers }) => headers))],
  };
}

/** What a document promises of one operation about keys and versions. */
export function promisesOf(document: ApiDocument, operation: ApiOperation): Layer {
  const found = keyOf(document, operation);
  const etag = preconditionOf(operation);
  const ttl = found === null ? null : lifetimeIn(found.description, `${operation.description}\n${about(document)}`);
  const contract: Contract = { ...(ttl === null ? {} : { ttl }), ...(etag === null ? {} : { etag }) };
  return { contract, key: found?.key, refusesMismatch: found !== null && refusesMismatch(operation) };
}

/** The idempotency key of an operation by the name of a header, a query parameter or a body field; `null` = none. */
export function keyOf(
  document: ApiDocument,
  { parameters, body, method }: ApiOperation,
): { readonly key: Exclude<Key, boolean>; readonly description: string } | null {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return null;
  const parameter = parameters.find(isKeyParameter);
  if (parameter !== undefined) {
    const { name, required, description } = parameter;
    const place = parameter.in === 'query' ? 'query' : 'header';
    return { key: { in: place, name, ...(required === null ? {} : { required }), ...formOf(parameter) }, description };
  }
  const { properties, required } = shapeOf(document, body?.schema ?? null);
  const field = [...properties].find(([name]) => isKeyField(name));
  if (field === undefined) return null;
  const [name, node] = field;
  return {
    key: { in: 'body', name, required: required.has(name) },
    description: textMember(node.value, 'description') ?? '',
  };
}

export function isKeyParameter(parameter: Parameter): boolean {
  if (parameter.in === 'header') return KEY_HEADERS.test(parameter.name);
  return parameter.in === 'query' && KEY_FIELDS.test(parameter.name);
}

export function isKeyField(name: string): boolean {
  return KEY_FIELDS.test(name);
}

/** A pattern or an example in double quotes means a Structured Field String. */
function formOf({ schema, node }: Parameter): { readonly form?: 'sf-string' } {
  const hints = [member(schema?.value, 'pattern'), member(schema?.value, 'example'), member(node.value, 'example')];
  return hints.some(hint => typeof hint === 'string' && /^\^?\\?".*\\?"\$?$/.test(hint)) ? { form: 'sf-string' } : {};
}

const LIFETIME = /\b(\d+)[\s-]*(seconds?|minutes?|hours?|hrs?|days?|weeks?)\b/i;

/** The time a key protects, from a sentence about it such as "keys are kept for 24 hours"; `null` when none says. */
function lifetimeIn(ofParameter: string, ofOperation: string): string | null {
  const sentences = [
    ...sentencesOf(ofParameter),
    ...sentencesOf(ofOperation).filter(sentence => /idempoten|\bkeys?\b/i.test(sentence)),
  ];
  const found = sentences
    .filter(sentence =>
      /expir|kept|keep|stor|valid|retain|remember|cach|live|within|window|period|protect|honou?r/i.test(sentence),
    )
    .map(sentence => LIFETIME.exec(sentence))
    .find(match => match !== null);
  const duration =
    found === undefined || found === null ? null : `${found[1]}${(found[2] ?? '').slice(0, 1).toLowerCase()}`;
  return duration === null || secondsOf(duration) === null ? null : duration;
}

function about(document: ApiDocument): string {
  return textMember(document.child(document.root, 'info')?.value, 'description') ?? '';
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+|\n+/);
}

/** A documented 409 or 422, or a 400 whose description speaks of the key. */
function refusesMismatch({ responses }: ApiOperation): boolean {
  return responses.some(
    ({ status, description }) =>
      status === '409' || status === '422' || (status === '400' && /idempoten|\bkey\b/i.test(description)),
  );
}

function preconditionOf({ responses, parameters }: ApiOperation): NonNullable<Contract['etag']> | null {
  if (responses.some(({ status }) => status === '428')) return { missing: [428] };
  const condition = parameters.find(parameter => parameter.in === 'header' && /^if-match$/i.test(parameter.name));
  return condition?.required === true ? { missing: [428, 400, 412] } : null;
}
