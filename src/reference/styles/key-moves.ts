import { KEY_HEADER } from '../key-layer.js';
import { toPart, type Part } from '../openapi-parts.js';
import { isObject } from '../reply.js';
import { parsedBody } from './body.js';
import { nameOf, withOperations, withSchemas } from './document.js';
import type { Asked } from './style.js';

/** A request whose key stood elsewhere, with the key where the plain API looks for it; `null` = it has none. */
export function withKey(asked: Asked, key: unknown): Asked {
  const headers = new Headers(asked.headers);
  headers.delete(KEY_HEADER);
  // What a header cannot hold is no key here, as it is none there.
  if (key !== undefined && key !== null) headers.set(KEY_HEADER, String(key).replaceAll(/[^\x20-\x7e]/g, '\x80'));
  return { ...asked, headers };
}

/** A request with the key in a member of its body, as the plain API reads it. */
export function keyFromBody(asked: Asked, name: string): Asked {
  const value = parsedBody(asked);
  if (!isObject(value)) return withKey(asked, null);
  const { [name]: key, ...rest } = value;
  return { ...withKey(asked, key), body: JSON.stringify(rest) };
}

/** Whether a parameter of the plain document is the key. */
export function isKeyParameter(parameter: Part): boolean {
  return ['IdempotencyKey', 'ChangeKey'].includes(nameOf(parameter) ?? '');
}

/** A document whose operations take the key as a member of their bodies. */
export function withKeyInBodies(plain: Part, name: string, takes: (path: string) => boolean = () => true): Part {
  const added: Record<string, Part> = {};
  const all = toPart(toPart(plain['components'])['schemas']);
  const keys = toPart(toPart(plain['components'])['parameters']);
  const moved = withOperations(plain, (operation, { path }) => {
    const parameters = listOf(operation['parameters']);
    const key = parameters.find(isKeyParameter);
    const schema = bodySchemaOf(operation);
    if (key === undefined || schema === null || !takes(path)) return operation;
    const own = toPart(keys[nameOf(key) ?? '']);
    const keyed = `${schema}WithKey`;
    added[keyed] = withMember(toPart(all[schema]), name, own);
    const others = parameters.filter(parameter => !isKeyParameter(parameter));
    return {
      ...operation,
      parameters: others,
      requestBody: withBodySchema(toPart(operation['requestBody']), keyed, name, own),
    };
  });
  return withSchemas(moved, () => added);
}

function withMember(schema: Part, name: string, { description, required, schema: type }: Part): Part {
  const demanded = [...listOf(schema['required']), ...(required === true ? [name] : [])];
  return {
    ...schema,
    properties: { ...toPart(schema['properties']), [name]: { ...toPart(type), description } },
    ...(demanded.length === 0 ? {} : { required: demanded }),
  };
}

function withBodySchema(requestBody: Part, schema: string, name: string, { example: key }: Part): Part {
  const example = toPart(toPart(toPart(requestBody['content'])['application/json'])['example']);
  const media = { schema: { $ref: `#/components/schemas/${schema}` }, example: { ...example, [name]: key } };
  return { ...requestBody, content: { 'application/json': media } };
}

/** The name of the schema of an operation's body. */
export function bodySchemaOf(operation: Part): string | null {
  const content = toPart(toPart(operation['requestBody'])['content']);
  return nameOf(toPart(toPart(content['application/json'])['schema']));
}

function listOf<T = Part>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : [];
}
