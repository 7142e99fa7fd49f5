import { PARAMETERS } from './paging.js';
import type { Declared } from './declared.js';
import { answer, body, headersOf, parametersOf, problems, ref, tagOf, type Part } from './openapi-parts.js';
import type { Choices } from './choices.js';

/** What the document is written from. */
export interface Material {
  readonly basePath: string;
  readonly choices: Choices;
  readonly declared: Declared;
}

/** A create under a key. */
export function create(described: Material, operationId: string, kind: string, from: readonly Part[] = []): Part {
  const { choices, declared } = described;
  const isHeld = kind !== 'Deposit';
  const hasHeader = declared.keyed && choices.keyIn === 'header';
  return {
    operationId,
    summary: `Create: ${kind.toLowerCase()}`,
    ...parametersOf([...from, ...(hasHeader ? [ref('IdempotencyKey')] : [])]),
    requestBody: body(`New${kind}`),
    responses: {
      ...(isHeld ? createdAnswers(choices, kind) : { 201: answer('Created', kind) }),
      ...(choices.replayStatus === 200 && declared.keyed ? { 200: answer('The first answer, again', kind) } : {}),
      ...problems(createProblems(described, kind, from.length > 0)),
    },
  };
}

function createdAnswers(choices: Choices, kind: string): Part {
  const placed = { headers: headersOf(['Location']) };
  switch (choices.createAnswer) {
    case 'representation':
      return choices.createStatus === 201
        ? { 201: answer('Created', kind, ['Location', ...tagOf(choices)]) }
        : { 200: answer('Created', kind, tagOf(choices)) };
    case 'empty':
      return { 201: { description: 'Created; it is at the Location', ...placed } };
    case 'accepted':
      return { 202: { description: 'Accepted; it will be at the Location', ...placed } };
    case 'operation':
      return {
        202: answer('Accepted; poll the operation, it leads to the new resource', 'Operation', [
          'OperationLocation',
          'RetryAfter',
        ]),
      };
    case 'pending':
      return {
        202: answer('Accepted; its state is pending, and active when it is done', kind, [
          'Location',
          ...tagOf(choices),
        ]),
      };
  }
}

function createProblems(
  { choices, declared }: Material,
  kind: string,
  isBelow: boolean,
): Readonly<Record<number, string>> {
  const unique = kind === 'Account' ? { 409: 'An account of this owner exists' } : {};
  const invalid = declared.keyRequired === true ? 'The request is not valid, or the key is missing' : 'Not valid';
  return {
    ...(isBelow ? { 404: 'No such resource' } : {}),
    ...(declared.keyed ? keyProblems(choices) : {}),
    ...unique,
    400: invalid,
  };
}

/** The refusals that come with a key. */
export function keyProblems(choices: Choices): Readonly<Record<number, string>> {
  return {
    [choices.inflightStatus]: 'A request with this key is still being worked on',
    [choices.mismatchStatus]: 'The key was used with another request',
  };
}

/** The read of what a create began, where creates begin operations. */
export function polling({ createAnswer }: Choices): Part {
  if (createAnswer !== 'operation') return {};
  return {
    '/operations/{id}': {
      get: {
        operationId: 'readOperation',
        summary: 'Read: operation',
        ...parametersOf([ref('Id')]),
        responses: {
          200: answer('How far it is', 'Operation', ['RetryAfter']),
          ...problems({ 404: 'No such operation' }),
        },
      },
    },
  };
}

/** A list, by pages, of those with one value in a member. */
export function listing(
  { choices }: Material,
  {
    operationId,
    kind,
    filter,
    from,
  }: { readonly operationId: string; readonly kind: string; readonly filter: string; readonly from: readonly Part[] },
): Part {
  const { listFilter, nextBy } = choices;
  const filters = listFilter === 'honoured' ? [filter] : [];
  const query = (name: string, type: string) => ({ name, in: 'query', schema: { type } });
  return {
    operationId,
    summary: `List: ${kind.toLowerCase()}s`,
    parameters: [
      ...from,
      ...filters.map(name => query(name, 'string')),
      query('limit', 'integer'),
      query(PARAMETERS[nextBy], nextBy === 'page' || nextBy === 'offset' ? 'integer' : 'string'),
    ],
    responses: {
      200: answer('A page', `${kind}Page`),
      ...problems({ 400: 'Not valid', ...(from.length > 0 ? { 404: 'No such resource' } : {}) }),
    },
  };
}

/** A read of one record. */
export function read(
  described: Material,
  operationId: string,
  kind: string,
  from: readonly Part[] = [ref('Id')],
): Part {
  const { choices } = described;
  const isTagged = choices.etag !== 'none';
  return {
    operationId,
    summary: `Read: ${kind.toLowerCase()}`,
    parameters: [...from, ...(isTagged ? [ref('IfNoneMatch')] : [])],
    responses: {
      200: answer('The representation', kind, tagOf(choices)),
      ...(isTagged ? { 304: { description: 'Not modified', headers: headersOf(['ETag']) } } : {}),
      ...problems({ 404: 'No such resource', ...(choices.deleteMissing === 410 ? { 410: 'Deleted' } : {}) }),
    },
  };
}

/** A delete. */
export function remove({ choices }: Material, operationId: string, from: readonly Part[]): Part {
  const missing = choices.deleteMissing === 204 ? {} : { 404: 'Already gone' };
  const gone = choices.deleteMissing === 410 ? { 410: 'Already gone' } : {};
  const isTagged = choices.etag !== 'none';
  return {
    operationId,
    summary: 'Delete',
    parameters: [...from, ...(isTagged ? [ref('IfMatchOptional')] : [])],
    responses: {
      204: { description: 'Gone' },
      ...problems({ ...missing, ...gone, ...(isTagged ? { 412: 'It has changed' } : {}) }),
    },
  };
}
