import { literal } from './bodies.js';
import type { ApiDocument } from './document.js';
import { endsInParameter, type Family } from './group.js';
import type { ApiOperation, Parameter } from './operations.js';
import { isKeyParameter } from './promises.js';
import { exampleOf, type Sampler } from './sample.js';

/** How an operation is called, in the native format. */
export interface Call {
  readonly request: string;
  readonly headers?: Record<string, string>;
}

/** Headers the client or the caller's credentials give. */
const OWN_HEADERS =
  /^(accept|content-type|authorization|if-match|if-none-match|if-unmodified-since|user-agent|host|content-length)$/i;

/**
 * The call of an operation: path parameters named as templates know them, what is required in query and headers with a
 * sample value. `filter` names a query parameter that takes the marker.
 */
export function callOf(
  document: ApiDocument,
  operation: ApiOperation,
  families: { readonly own: Family; readonly parents: readonly Family[] },
  sampler: Sampler,
  filter: string | null = null,
): Call {
  const sampleOf = (parameter: Parameter) =>
    String(literal(exampleOf(document, parameter.node) ?? sampler.value(parameter.schema)));
  const query = operation.parameters
    .filter(
      parameter =>
        parameter.in === 'query' &&
        !isKeyParameter(parameter) &&
        (parameter.required === true || parameter.name === filter),
    )
    .map(
      parameter =>
        `${encodeURIComponent(parameter.name)}=${parameter.name === filter ? '{{marker}}' : encodeURIComponent(sampleOf(parameter))}`,
    );
  const headers = operation.parameters
    .filter(parameter => parameter.in === 'header' && parameter.required === true)
    .filter(parameter => !isKeyParameter(parameter) && !OWN_HEADERS.test(parameter.name))
    .map(parameter => [parameter.name, sampleOf(parameter)] as const);
  const path = templatePath(operation, families);
  const request = `${operation.method} ${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  return headers.length === 0 ? { request } : { request, headers: Object.fromEntries(headers) };
}

/** `/orders/{orderId}/notes/{noteId}` as `/orders/{order.id}/notes/{id}`. A parameter nothing creates keeps its name. */
function templatePath(
  { path }: ApiOperation,
  { own, parents }: { readonly own: Family; readonly parents: readonly Family[] },
): string {
  const named = parents.filter(parent => parent.itemPath !== null);
  const segments = path.split('/');
  return segments
    .map((segment, index) => {
      if (!/^\{[^{}]+\}$/.test(segment)) return segment.replaceAll('{{', '{');
      const until = segments.slice(0, index + 1).join('/');
      if (own.itemPath !== null && same(until, own.itemPath)) return '{id}';
      const parent = named.find(({ itemPath }) => itemPath !== null && same(until, itemPath));
      return parent === undefined ? segment : `{${parent.name}.id}`;
    })
    .join('/')
    .replace(/ /g, '%20');
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
