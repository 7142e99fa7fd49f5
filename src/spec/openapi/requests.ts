import { literal } from './bodies.js';
import type { ApiDocument, Node } from './document.js';
import { endsInParameter, type Family } from './group.js';
import type { ApiOperation, Parameter } from './operations.js';
import { isKeyParameter } from './keys.js';
import { exampleOf, type Sampler } from './sample.js';
import { shapeOf } from './shape.js';

/** How an operation is called, in the native format, and what became of the parameters of its path. */
export interface Call {
  readonly written: { readonly request: string; readonly headers?: Record<string, string> };
  /** Parameters of the path that nothing of the API creates, filled from their examples. */
  readonly filled: readonly { readonly name: string; readonly value: string; readonly node: Node }[];
  /** Those that have no example either. */
  readonly open: readonly { readonly name: string; readonly node: Node }[];
}

/** Headers the client or the caller's credentials give. */
const OWN_HEADERS =
  /^(accept|content-type|authorization|if-match|if-none-match|if-unmodified-since|user-agent|host|content-length)$/i;

/**
 * The call of an operation: path parameters named as templates know them, what is required in query and headers with a
 * sample value. `query` gives values of query parameters; `filter` names the one that takes the marker.
 */
export function callOf(
  document: ApiDocument,
  operation: ApiOperation,
  families: { readonly own: Family; readonly parents: readonly Family[] },
  sampler: Sampler,
  {
    filter = null,
    query: given = new Map(),
  }: { readonly filter?: string | null; readonly query?: ReadonlyMap<string, string> } = {},
): Call {
  const sampleOf = (parameter: Parameter) =>
    given.get(parameter.name) ??
    String(literal(exampleOf(document, parameter.node) ?? sampler.value(parameter.schema)));
  const query = operation.parameters
    .filter(
      parameter =>
        parameter.in === 'query' &&
        !isKeyParameter(parameter) &&
        (parameter.required === true || parameter.name === filter || given.has(parameter.name)),
    )
    .map(
      parameter =>
        `${encodeURIComponent(parameter.name)}=${parameter.name === filter ? '{{marker}}' : encodeURIComponent(sampleOf(parameter))}`,
    );
  const headers = operation.parameters
    .filter(parameter => parameter.in === 'header' && parameter.required === true)
    .filter(parameter => !isKeyParameter(parameter) && !OWN_HEADERS.test(parameter.name))
    .map(parameter => [parameter.name, sampleOf(parameter)] as const);
  const { path, filled, open } = templatePath(document, operation, families);
  const request = `${operation.method} ${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const written = headers.length === 0 ? { request } : { request, headers: Object.fromEntries(headers) };
  return { written, filled, open };
}

/**
 * `/orders/{orderId}/notes/{noteId}` as `/orders/{order.id}/notes/{id}`. A parameter nothing creates takes the value of
 * its example, and keeps its name where it has none.
 */
function templatePath(
  document: ApiDocument,
  operation: ApiOperation,
  { own, parents }: { readonly own: Family; readonly parents: readonly Family[] },
): { readonly path: string } & Pick<Call, 'filled' | 'open'> {
  const named = parents.filter(parent => parent.itemPath !== null);
  const segments = operation.path.split('/');
  const filled: { name: string; value: string; node: Node }[] = [];
  const open: { name: string; node: Node }[] = [];
  const path = segments
    .map((segment, index) => {
      const name = /^\{([^{}]+)\}$/.exec(segment)?.[1];
      if (name === undefined) return segment.replaceAll('{{', '{');
      const until = segments.slice(0, index + 1).join('/');
      if (own.itemPath !== null && same(until, own.itemPath)) return '{id}';
      const parent = named.find(({ itemPath }) => itemPath !== null && same(until, itemPath));
      if (parent !== undefined) return `{${parent.name}.id}`;
      const parameter = operation.parameters.find(one => one.in === 'path' && one.name === name);
      const value = parameter === undefined ? undefined : givenValue(document, parameter);
      if (parameter === undefined || value === undefined) {
        open.push({ name, node: parameter?.node ?? operation.node });
        return segment;
      }
      filled.push({ name, value, node: parameter.node });
      return encodeURIComponent(value);
    })
    .join('/')
    .replace(/ /g, '%20');
  return { path, filled, open };
}

/** A value the document itself gives for a parameter: an example, a default, the one word it may be. */
function givenValue(document: ApiDocument, { node, schema }: Parameter): string | undefined {
  const { words } = shapeOf(document, schema);
  const list = Array.isArray(words['examples']) ? (words['examples'] as readonly unknown[])[0] : undefined;
  const only =
    Array.isArray(words['enum']) && words['enum'].length === 1 ? (words['enum'] as readonly unknown[])[0] : undefined;
  const given =
    exampleOf(document, node) ??
    words['example'] ??
    list ??
    words['const'] ??
    words['default'] ??
    only ??
    words['x-example'];
  const isUsable = (typeof given === 'string' && given !== '' && !/[{}]/.test(given)) || typeof given === 'number';
  return isUsable ? String(given) : undefined;
}

function same(a: string, b: string): boolean {
  return nameless(a) === nameless(b);
}

function nameless(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, '{}').replace(/(.)\/+$/, '$1');
}

/** The families whose item a family's path lies below, outermost first; only those that can be created. */
export function parentsOf(family: Family, families: readonly Family[]): readonly Family[] {
  return families
    .filter(({ itemPath, create }) => itemPath !== null && create !== null && endsInParameter(itemPath))
    .filter(other => other !== family && nameless(family.path).startsWith(`${nameless(other.itemPath ?? '')}/`))
    .toSorted((a, b) => a.path.length - b.path.length);
}
