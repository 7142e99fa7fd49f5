import { expect, it } from 'vitest';
import { specFromText } from '../../../src/spec/load.js';

const text = { type: 'string' };

/** A document of one resource that shows these members, and takes these with PATCH and as parameters of DELETE. */
function version(shown: object, changed: object, parameters: readonly string[] = []) {
  const json = (properties: object) => ({
    content: { 'application/json': { schema: { type: 'object', properties } } },
  });
  const answers = (status: number, properties: object) => ({ [status]: { description: 'x', ...json(properties) } });
  const id = { name: 'id', in: 'path', required: true, schema: text };
  const document = {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: {
      '/things': { post: { requestBody: json({ note: text }), responses: answers(201, { id: text, ...shown }) } },
      '/things/{id}': {
        get: { parameters: [id], responses: answers(200, { id: text, ...shown }) },
        patch: { parameters: [id], requestBody: json({ note: text, ...changed }), responses: answers(200, {}) },
        delete: {
          parameters: [id, ...parameters.map(name => ({ name, in: 'query', schema: text }))],
          responses: { 204: { description: 'x' } },
        },
      },
    },
  };
  const spec = specFromText(JSON.stringify(document), 'openapi.json', { env: {}, profile: null });
  return spec.resources.find(({ name }) => name === 'thing')?.version;
}

const described = { ...text, description: 'An outdated one is refused.' };

it.each([
  ['an etag that goes back', { etag: text }, { etag: text }, [], { in: 'body', name: '$.etag' }],
  ['an etag that only DELETE takes', { etag: text }, {}, ['etag'], { in: 'body', name: '$.etag' }],
  ['a version that says what it is', { version: text }, { version: described }, [], { in: 'body', name: '$.version' }],
  ['a version that may be anything', { version: text }, { version: text }, [], null],
  ['an etag that nothing takes', { etag: text }, {}, [], null],
  ['an etag that is not shown', {}, { etag: text }, [], null],
] as const)('%s', (_, shown, changed, parameters, expected) => {
  expect(version(shown, changed, parameters)).toEqual(expected);
});
