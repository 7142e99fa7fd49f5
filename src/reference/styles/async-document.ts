import { toPart, type Part } from '../openapi-parts.js';
import { withOperations, withSchemas, withWords } from './document.js';

const TEXT = { type: 'string' };
const STATUS = { type: 'string', enum: ['running', 'succeeded'] };

/** The document of an API whose records are made by operations. */
export function asyncDocument(plain: Part): Part {
  const started = withOperations(plain, (operation, { method, path }) => {
    const kind = method === 'post' ? /\/(order|account|note)s$/.exec(path)?.[1] : undefined;
    if (kind === undefined) return operation;
    const { 201: _, ...others } = toPart(operation['responses']);
    return { ...operation, responses: { 202: accepted(kind), ...others } };
  });
  const whole = withSchemas(started, () => ({
    Operation: { type: 'object', properties: { id: TEXT, status: STATUS, resource: TEXT }, required: ['id', 'status'] },
  }));
  return {
    ...withWords(whole, 'A POST of a record starts an operation; the record comes up when it has succeeded.'),
    paths: { ...toPart(whole['paths']), '/operations/{id}': { get: poll() } },
  };
}

function accepted(kind: string): Part {
  const operation = { $ref: '#/components/schemas/Operation' };
  const name = `${kind}_id`;
  const schema = { type: 'object', properties: { operation, [name]: TEXT }, required: ['operation', name] };
  return {
    description: `Accepted; poll the operation at the Location. The ${kind} will have the id ${name}.`,
    headers: { Location: { $ref: '#/components/headers/Location' } },
    content: { 'application/json': { schema } },
  };
}

function poll(): Part {
  const schema = { $ref: '#/components/schemas/Operation' };
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    operationId: 'readOperation',
    summary: 'Read: operation',
    parameters: [{ $ref: '#/components/parameters/Id' }],
    responses: {
      200: { description: 'How far it is', content: { 'application/json': { schema } } },
      404: { description: 'No such operation', content: problem },
    },
  };
}
