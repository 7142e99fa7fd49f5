import type { Key } from '../../generated/spec.js';
import { isMembers, itemsOf, member, textMember } from '../data.js';
import type { ApiDocument, Node } from './document.js';
import type { ApiOperation, Parameter } from './operations.js';
import { shapeOf } from './shape.js';

/** Headers that are idempotency keys by their name alone. */
const KEY_HEADERS =
  /^(x-)?([a-z]+-)*idempotency-?(key|id|token)$|^(x-)?idempotent-?key$|^paypal-request-id$|^repeatability-request-id$|^x-request-idempotency$|^(x-)?(amz-)?client-?token$/i;
/** Query parameters and body fields that are: AIP-155, AWS, and those named after what they are. */
const KEY_FIELDS = /^(request_id|idempotency[_-]?(key|id|token)|idempotent[_-]?key|client[_-]?token)$/i;
/** Names that are keys only where the document says so. */
const MAYBE_KEYS =
  /(request|client|transaction|operation|message|correlation|unique|external|deduplication)|key|token|nonce/i;
const SAYS_SO =
  /idempoten|de-?duplicat|safe(ly)? (to )?retr|(same|duplicate|repeated?) (request|call|operation|order|payment|submission)s? .{0,60}(once|ignor|twice|again)|prevents? duplicate/i;

/** A key an operation takes, as the document has it. */
export interface FoundKey {
  readonly key: Exclude<Key, boolean>;
  readonly description: string;
  /** Where it is declared. */
  readonly node: Node;
  /** The key's own schema, where it has one. */
  readonly schema: Node | null;
  readonly reason: string;
}

/** The idempotency key of an operation: a header, a query parameter, a body field, or an extension; `null` = none. */
export function keyOf(document: ApiDocument, operation: ApiOperation): FoundKey | null {
  const { method, parameters } = operation;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return null;
  const named = parameters.find(isNamedKey);
  if (named !== undefined) return ofParameter(named, `the ${placeOf(named)} is one by its name`);
  const extended = extensionKey(document, operation);
  if (extended !== null) return extended;
  const field = fieldKey(document, operation);
  if (field !== null) return field;
  const described = parameters.find(isDescribedKey);
  return described === undefined
    ? null
    : ofParameter(described, `the description of the ${placeOf(described)} says so`);
}

/** Whether a parameter carries a key, by its name or by what is said of it. */
export function isKeyParameter(parameter: Parameter): boolean {
  return isNamedKey(parameter) || isDescribedKey(parameter);
}

function isNamedKey(parameter: Parameter): boolean {
  if (parameter.in === 'header') return KEY_HEADERS.test(parameter.name);
  return parameter.in === 'query' && KEY_FIELDS.test(parameter.name);
}

function isDescribedKey({ in: place, name, description }: Parameter): boolean {
  return (place === 'header' || place === 'query') && MAYBE_KEYS.test(name) && SAYS_SO.test(description);
}

function placeOf({ in: place }: Parameter): string {
  return place === 'query' ? 'query parameter' : 'header';
}

function ofParameter(parameter: Parameter, reason: string): FoundKey {
  const { name, required, description, node, schema } = parameter;
  const place = parameter.in === 'query' ? 'query' : 'header';
  const key = { in: place, name, ...(required === null ? {} : { required }), ...formOf(parameter) } as const;
  return { key, description, node, schema, reason };
}

function fieldKey(document: ApiDocument, { body }: ApiOperation): FoundKey | null {
  const { properties, required } = shapeOf(document, body?.schema ?? null);
  const described = ([name, node]: readonly [string, Node]) =>
    MAYBE_KEYS.test(name) && SAYS_SO.test(textMember(node.value, 'description') ?? '');
  const named = [...properties].find(([name]) => KEY_FIELDS.test(name));
  const found = named ?? [...properties].find(described);
  if (found === undefined) return null;
  const [name, node] = found;
  return {
    key: { in: 'body', name, required: required.has(name) },
    description: textMember(node.value, 'description') ?? '',
    node,
    schema: node,
    reason: named === undefined ? 'the description of the body field says so' : 'the body field is one by its name',
  };
}

/** What is written in an extension: Fern's, or one called after idempotency. */
function extensionKey(document: ApiDocument, { node, method }: ApiOperation): FoundKey | null {
  const fern = document.child(node, 'x-fern-idempotent');
  if (fern?.value === true) {
    const [first] = itemsOf(member(document.root.value, 'x-fern-idempotency-headers'));
    const name = textMember(first, 'header') ?? 'Idempotency-Key';
    return extended(fern, { in: 'header', name }, 'x-fern-idempotent says so', textMember(first, 'name') ?? '');
  }
  for (const word of ['x-idempotency-key', 'x-idempotency', ...(method === 'POST' ? ['x-idempotent'] : [])]) {
    const found = document.child(node, word);
    const key = found === null ? null : keyWritten(found.value);
    if (found !== null && key !== null) {
      return extended(found, key, `${word} says so`, textMember(found.value, 'description') ?? '');
    }
  }
  return null;
}

function extended(node: Node, key: FoundKey['key'], reason: string, description: string): FoundKey {
  return { key, description, node, schema: null, reason };
}

function keyWritten(value: unknown): FoundKey['key'] | null {
  const usual = { in: 'header', name: 'Idempotency-Key' } as const;
  if (value === true) return usual;
  if (typeof value === 'string') return value === '' ? null : { in: 'header', name: value };
  if (!isMembers(value) || value['enabled'] === false) return null;
  const name = textMember(value, 'name') ?? textMember(value, 'header') ?? textMember(value, 'key');
  const written = textMember(value, 'in');
  const place = written === 'body' || written === 'query' ? written : 'header';
  // An extension that speaks of a lifetime alone says nothing about where the key travels.
  const saysKey = name !== null || typeof value['required'] === 'boolean' || value['enabled'] === true;
  if (!saysKey) return null;
  const required = typeof value['required'] === 'boolean' ? { required: value['required'] } : {};
  return { in: place, name: name ?? usual.name, ...required };
}

/** A pattern or an example in double quotes means a Structured Field String. */
function formOf({ schema, node }: Parameter): { readonly form?: 'sf-string' } {
  const hints = [member(schema?.value, 'pattern'), member(schema?.value, 'example'), member(node.value, 'example')];
  return hints.some(hint => typeof hint === 'string' && /^\^?\\?".*\\?"\$?$/.test(hint)) ? { form: 'sf-string' } : {};
}

/** Whether anything tells a client what a key looks like. */
export function hasForm({ node, schema, description }: FoundKey): boolean {
  const words = ['format', 'pattern', 'maxLength', 'minLength', 'example', 'examples', 'x-example'];
  const isWritten = [node, schema].some(one => words.some(word => member(one?.value, word) !== undefined));
  return isWritten || /uuid|ulid|guid|\d+ characters/i.test(description);
}
