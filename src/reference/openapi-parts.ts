import { examples } from './openapi-schemas.js';
import type { Choices } from './choices.js';

/** A piece of an OpenAPI document. */
export type Part = Readonly<Record<string, unknown>>;

/** A JSON answer of a kind, with headers. */
export function answer(description: string, kind: string, names: readonly string[] = []): Part {
  return {
    description,
    ...(names.length === 0 ? {} : { headers: headersOf(names) }),
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${kind}` } } },
  };
}

/** Refusals with Problem Details (RFC 9457), by status. */
export function problems(texts: Readonly<Record<number, string>>): Part {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(Object.entries(texts).map(([status, description]) => [status, { description, content }]));
}

/** A JSON request body; with `steps`, a JSON Patch as well. */
export function body(schema: string, steps: string | null = null): Part {
  const media = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` }, example: examples[name] });
  const patch = steps === null ? {} : { 'application/json-patch+json': media(steps) };
  return { required: true, content: { 'application/json': media(schema), ...patch } };
}

/** Parameters, where there are any. */
export function parametersOf(list: readonly Part[]): Part {
  return list.length === 0 ? {} : { parameters: list };
}

/** Headers by reference. */
export function headersOf(names: readonly string[]): Part {
  return Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The header of the version, where there is one. */
export function tagOf({ etag }: Choices): readonly string[] {
  return etag === 'none' ? [] : ['ETag'];
}

/** A parameter by reference. */
export function ref(name: string): Part {
  return { $ref: `#/components/parameters/${name}` };
}

/** A value that is an object, as a part. */
export function toPart(value: unknown): Part {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A value that is a list, as parts. */
export function partsOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value.map(toPart) : [];
}
