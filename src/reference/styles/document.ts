import { toPart, type Part } from '../openapi-parts.js';

/** Where an operation stands in a document. */
export interface At {
  readonly path: string;
  readonly method: string;
}

/** A document with each operation changed; `null` takes it away. */
export function withOperations(document: Part, change: (operation: Part, at: At) => Part | null): Part {
  const paths = Object.entries(toPart(document['paths'])).flatMap(([path, item]) => {
    const operations = Object.entries(toPart(item)).flatMap(([method, operation]) => {
      const changed = change(toPart(operation), { path, method });
      return changed === null ? [] : [[method, changed] as const];
    });
    return operations.length === 0 ? [] : [[path, Object.fromEntries(operations)] as const];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

/** An operation with each of its answers changed; `null` takes it away. */
export function withResponses(operation: Part, change: (response: Part, status: number) => Part | null): Part {
  const responses = Object.entries(toPart(operation['responses'])).flatMap(([status, response]) => {
    const changed = change(toPart(response), Number(status));
    return changed === null ? [] : [[status, changed] as const];
  });
  return { ...operation, responses: Object.fromEntries(responses) };
}

/** A body under another media type, its schema changed. */
export function withContent(holder: Part, type: string, change: (schema: Part) => Part): Part {
  const [media] = Object.values(toPart(holder['content']));
  if (media === undefined) return holder;
  const { schema, ...rest } = toPart(media);
  return { ...holder, content: { [type]: { ...rest, schema: change(toPart(schema)) } } };
}

/** The document with some schemas put in the place of others, or beside them. */
export function withSchemas(document: Part, change: (schemas: Part) => Part): Part {
  const components = toPart(document['components']);
  const schemas = toPart(components['schemas']);
  return { ...document, components: { ...components, schemas: { ...schemas, ...change(schemas) } } };
}

/** The document with words added to what it says of itself. */
export function withWords(document: Part, words: string): Part {
  const info = toPart(document['info']);
  return { ...document, info: { ...info, description: `${String(info['description'])} ${words}` } };
}

/** The name a schema is referred to by; `null` where it is written out. */
export function nameOf({ $ref: reference }: Part): string | null {
  return typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null;
}

/** The document with other words in what it says of itself. */
export function withReplaced(document: Part, words: string, others: string): Part {
  const info = toPart(document['info']);
  return { ...document, info: { ...info, description: String(info['description']).replaceAll(words, others) } };
}

/** An operation whose answers have other statuses; of two that become one the first is kept, `null` takes one away. */
export function withStatuses(operation: Part, other: (status: number) => number | null): Part {
  const responses: Record<string, unknown> = {};
  for (const [status, response] of Object.entries(toPart(operation['responses']))) {
    const changed = other(Number(status));
    if (changed !== null && !(changed in responses)) responses[changed] = response;
  }
  return { ...operation, responses };
}

/** An operation with other parameters: each is changed by its name in the components, or by its own name. */
export function withParameters(operation: Part, change: (name: string, parameter: Part) => readonly Part[]): Part {
  const { parameters, ...rest } = operation;
  const given: readonly unknown[] = Array.isArray(parameters) ? parameters : [];
  const changed = given.map(toPart).flatMap(one => change(nameOf(one) ?? String(one['name']), one));
  return changed.length === 0 ? rest : { ...rest, parameters: changed };
}

/** The schemas that show records, by kind, with the request schemas that make or change them left out. */
export const SHOWN: Readonly<Record<string, string>> = {
  Order: 'orders',
  Account: 'accounts',
  Note: 'notes',
  Deposit: 'deposits',
};
