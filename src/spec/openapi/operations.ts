import type { Method } from '../../core/http.js';
import { isMembers, itemsOf, member, textMember } from '../data.js';
import { METHODS } from '../request-line.js';
import type { ApiDocument, Node } from './document.js';

/** A parameter of an operation, as any version writes it. */
export interface Parameter {
  readonly name: string;
  readonly in: string;
  /** `null` = not said. */
  readonly required: boolean | null;
  readonly description: string;
  readonly node: Node;
  readonly schema: Node | null;
}

/** A body of a request or a response in one media type. */
export interface Content {
  readonly mediaType: string;
  readonly schema: Node | null;
  /** The media type object, where examples stand; of Swagger 2.0 the parameter or response. */
  readonly node: Node;
}

/** One documented operation, as any version writes it. */
export interface ApiOperation {
  readonly method: Method;
  readonly path: string;
  readonly node: Node;
  readonly parameters: readonly Parameter[];
  readonly body: Content | null;
  /** Media types of the body, as written. */
  readonly mediaTypes: readonly string[];
  readonly responses: readonly ApiResponse[];
  readonly description: string;
  readonly tags: readonly string[];
  readonly operationId: string | null;
}

export interface ApiResponse {
  /** As written: `201`, `4XX`, `default`. */
  readonly status: string;
  readonly description: string;
  /** Names of documented headers, lower case. */
  readonly headers: readonly string[];
  readonly content: Content | null;
  readonly node: Node;
}

/** Every operation of a document, in the order written. */
export function operationsOf(document: ApiDocument): readonly ApiOperation[] {
  return document.children(document.child(document.root, 'paths')).flatMap(([path, item]) => {
    if (!path.startsWith('/')) return [];
    const shared = parametersOf(document, item);
    return METHODS.flatMap(method => {
      const node = document.child(item, method.toLowerCase());
      return node === null || !isMembers(node.value) ? [] : [operationOf(document, method, path, node, shared)];
    });
  });
}

function operationOf(
  document: ApiDocument,
  method: Method,
  path: string,
  node: Node,
  shared: readonly Parameter[],
): ApiOperation {
  const own = parametersOf(document, node);
  const inherited = shared.filter(one => !own.some(other => other.name === one.name && other.in === one.in));
  const parameters = [...inherited, ...own];
  return {
    method,
    path,
    node,
    parameters,
    body: document.version === 2 ? oldBody(document, node, parameters) : newBody(document, node),
    mediaTypes: mediaTypesOf(document, node, parameters),
    responses: document
      .children(document.child(node, 'responses'))
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, response]) => ({
        status,
        description: textMember(response.value, 'description') ?? '',
        headers: document.children(document.child(response, 'headers')).map(([name]) => name.toLowerCase()),
        content: document.version === 2 ? oldContent(document, response) : newContent(document, response),
        node: response,
      })),
    description: [textMember(node.value, 'summary'), textMember(node.value, 'description')].filter(Boolean).join('\n'),
    tags: itemsOf(member(node.value, 'tags')).map(String),
    operationId: textMember(node.value, 'operationId'),
  };
}

function parametersOf(document: ApiDocument, node: Node): readonly Parameter[] {
  return document.items(document.child(node, 'parameters')).flatMap((parameter): readonly Parameter[] => {
    const name = textMember(parameter.value, 'name');
    const place = textMember(parameter.value, 'in');
    if (name === null || place === null) return [];
    const required = member(parameter.value, 'required');
    return [
      {
        name,
        in: place,
        required: typeof required === 'boolean' ? required : null,
        description: textMember(parameter.value, 'description') ?? '',
        node: parameter,
        schema: document.child(parameter, 'schema') ?? (document.version === 2 ? parameter : null),
      },
    ];
  });
}

function mediaTypesOf(document: ApiDocument, node: Node, parameters: readonly Parameter[]): readonly string[] {
  if (document.version === 3) {
    return document.children(document.child(node, 'requestBody', 'content')).map(([mediaType]) => mediaType);
  }
  const hasBody = parameters.some(parameter => parameter.in === 'body' || parameter.in === 'formData');
  return hasBody ? itemsOf(member(node.value, 'consumes') ?? member(document.root.value, 'consumes')).map(String) : [];
}

function newBody(document: ApiDocument, node: Node): Content | null {
  const body = document.child(node, 'requestBody');
  return body === null ? null : newContent(document, body);
}

/** The media type a person would take: JSON before anything like it, then forms, XML and text. */
function newContent(document: ApiDocument, holder: Node): Content | null {
  const all = document.children(document.child(holder, 'content'));
  const [best] = all.toSorted(([a], [b]) => rank(a) - rank(b));
  if (best === undefined) return null;
  const [mediaType, node] = best;
  return { mediaType, node, schema: document.child(node, 'schema') };
}

function rank(mediaType: string): number {
  const order = [
    /^application\/json\b/i,
    /\+json\b/i,
    /^\*\/\*/,
    /urlencoded/i,
    /^multipart\/form-data\b/i,
    /[/+]xml\b/i,
    /^text\//i,
  ];
  const found = order.findIndex(pattern => pattern.test(mediaType));
  return found === -1 ? order.length : found;
}

function oldBody(document: ApiDocument, node: Node, parameters: readonly Parameter[]): Content | null {
  const body = parameters.find(parameter => parameter.in === 'body');
  if (body !== undefined) {
    return {
      mediaType: oldMediaType(document, node, 'consumes'),
      node: body.node,
      schema: document.child(body.node, 'schema'),
    };
  }
  const hasFields = parameters.some(parameter => parameter.in === 'formData');
  return hasFields ? { mediaType: 'application/x-www-form-urlencoded', node, schema: null } : null;
}

function oldContent(document: ApiDocument, response: Node): Content | null {
  const schema = document.child(response, 'schema');
  return schema === null ? null : { mediaType: 'application/json', node: response, schema };
}

function oldMediaType(document: ApiDocument, node: Node, name: 'consumes'): string {
  const all = itemsOf(member(node.value, name) ?? member(document.root.value, name)).map(String);
  return all.toSorted((a, b) => rank(a) - rank(b))[0] ?? 'application/json';
}

/** The response a success has: the lowest 2xx, else `2XX` or `default`. */
export function successOf({ responses }: ApiOperation): ApiResponse | null {
  const good = responses
    .filter(({ status }) => /^2\d\d$/.test(status))
    .toSorted((a, b) => Number(a.status) - Number(b.status));
  return (
    good.find(({ content }) => content !== null) ??
    good[0] ??
    responses.find(({ status }) => /^2XX$/i.test(status)) ??
    null
  );
}
