import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchText } from '../../../src/cli/fetch-text.js';
import { missingCredentials } from '../../../src/cli/missing-credentials.js';
import type { Spec } from '../../../src/core/spec.js';
import { loadSpec, specFromText } from '../../../src/spec/load.js';

function spec(paths: string, rest = ''): Spec {
  const text = `openapi: 3.1.0\ninfo: { title: x, version: "1" }\n${rest}paths:\n${paths}`;
  return specFromText(text, 'openapi.yaml', { env: {}, profile: null });
}

const CREATED = 'responses: { "201": { description: Created } }';
const body = (properties: string, more = '') =>
  `requestBody: { content: { application/json: { schema: { type: object, properties: { ${properties} }${more} } } } }`;
const post = (inner: string) =>
  `  /things:\n    post:\n${inner
    .split('\n')
    .map(line => `      ${line}\n`)
    .join('')}`;
const create = (of: Spec) => of.resources[0]?.create;

describe('key carriers', () => {
  const header = (name: string, description = '') =>
    `parameters: [{ name: ${name}, in: header, description: "${description}", schema: { type: string } }]\n${CREATED}`;
  test.each<[string, string, object | null]>([
    ['Idempotency-Key', header('Idempotency-Key'), { in: 'header', name: 'Idempotency-Key', required: null }],
    ['X-Idempotency-Key', header('X-Idempotency-Key'), { in: 'header' }],
    ['Acme-Idempotency-Key', header('Acme-Idempotency-Key'), { in: 'header' }],
    ['PayPal-Request-Id', header('PayPal-Request-Id'), { in: 'header' }],
    ['Repeatability-Request-ID', header('Repeatability-Request-ID'), { in: 'header' }],
    ['ClientToken', header('ClientToken'), { in: 'header' }],
    ['X-Request-ID without a word', header('X-Request-ID', 'For tracing.'), null],
    [
      'X-Request-ID described so',
      header('X-Request-ID', 'Makes the request idempotent.'),
      { in: 'header', name: 'X-Request-ID' },
    ],
    ['X-Request-ID that prevents duplicates', header('X-Request-ID', 'Prevents duplicate payments.'), { in: 'header' }],
    ['Accept-Language', header('Accept-Language', 'Idempotent?'), null],
    [
      'a query parameter',
      `parameters: [{ name: request_id, in: query, required: true, schema: { type: string } }]\n${CREATED}`,
      { in: 'query', name: 'request_id', required: true },
    ],
    [
      'a required body field',
      `${body('idempotency_key: { type: string }, n: { type: integer }', ', required: [idempotency_key]')}\n${CREATED}`,
      { in: 'body', name: 'idempotency_key', required: true },
    ],
    [
      'a body field of AWS',
      `${body('clientToken: { type: string }')}\n${CREATED}`,
      { in: 'body', name: 'clientToken', required: false },
    ],
    ['a body field that is some token', `${body('cardToken: { type: string }')}\n${CREATED}`, null],
    ['x-fern-idempotent', `x-fern-idempotent: true\n${CREATED}`, { in: 'header', name: 'Once-Key' }],
    [
      'x-idempotency',
      `x-idempotency: { header: X-Once, required: true, ttl: 2h }\n${CREATED}`,
      { in: 'header', name: 'X-Once', required: true },
    ],
    ['x-idempotency that speaks of a lifetime alone', `x-idempotency: { ttl: 2h }\n${CREATED}`, null],
  ])('%s', (_, inner, expected) => {
    const found = create(spec(post(inner), 'x-fern-idempotency-headers: [{ header: Once-Key, name: once }]\n'))
      ?.contract.key;
    if (expected === null) expect(found).toBe(null);
    else expect(found).toMatchObject(expected);
  });
});

describe('lifetimes', () => {
  const keyed = (description: string) =>
    post(
      `parameters: [{ name: Idempotency-Key, in: header, description: "${description}", schema: { type: string } }]\n${CREATED}`,
    );
  test.each<[string, number | 'unknown']>([
    ['Keys expire after 24 hours.', 86_400],
    ['Stored for one day.', 86_400],
    ['Valid within 7 days', 604_800],
    ['Answers come within a minute. Kept for 30 minutes.', 1800],
    ['Up to 255 characters.', 'unknown'],
    ['Never expires.', 'unknown'],
  ])('%s', (description, expected) => {
    expect(create(spec(keyed(description)))?.contract.ttl).toBe(expected);
  });

  test('an extension of the whole document, and a link', () => {
    expect(create(spec(keyed(''), 'x-idempotency: { ttl: 36h }\n'))?.contract.ttl).toBe(129_600);
    const linked = create(spec(keyed('See https://docs.example.com/idempotency.')))?.documented?.page?.expiry;
    expect(linked).toEqual({ text: 'https://docs.example.com/idempotency', seconds: null });
  });
});

test('what the refusals are for, in their own words', () => {
  const responses = [
    '"201": { description: Created }',
    '"200": { description: The first answer, again }',
    '"400": { description: The key is missing }',
    '"409": { description: A request with this key is in progress }',
    '"422": { description: The key was used with a different payload }',
  ].join(', ');
  const parameter = 'parameters: [{ name: Idempotency-Key, in: header, schema: { type: string } }]';
  expect(create(spec(post(`${parameter}\nresponses: { ${responses} }`)))?.contract).toMatchObject({
    missing: { statuses: [400] },
    inflight: { statuses: [409] },
    mismatch: { statuses: [422], action: 'reject', promised: true },
    replayStatuses: [200],
  });
});

describe('resources', () => {
  test('an id through a link, an item under another path', () => {
    const links = 'links: { read: { operationId: readThing, parameters: { no: "$response.body#/data/number" } } }';
    const { resources } = spec(
      `${post(`responses: { "201": { description: Created, ${links} } }`)}  /catalogue/{no}:\n    get: { operationId: readThing, responses: {} }\n`,
    );
    expect(resources).toMatchObject([{ name: 'thing', read: { name: 'GET /catalogue/{no}' } }]);
    const answer = {
      status: 201,
      headers: [],
      body: '{"data":{"number":7}}',
      bodyEncoding: 'utf8',
      bodyBytes: 0,
      truncated: false,
    } as const;
    expect(resources[0]?.id.of(answer)).toBe('7');
  });

  test('an item in the singular', () => {
    const { resources } = spec(
      `${post(CREATED)}  /thing/{id}:\n    get: { responses: {} }\n    delete: { responses: {} }\n`,
    );
    expect(resources).toMatchObject([{ read: { name: 'GET /thing/{id}' }, remove: { name: 'DELETE /thing/{id}' } }]);
  });

  test('an item that is only acted on, whatever its parameter is called', () => {
    const { resources } = spec(`${post(CREATED)}  /things/{number}/close:\n    post: { responses: {} }\n`);
    expect(resources).toMatchObject([
      { actions: [{ name: 'close', operation: { name: 'POST /things/{number}/close' } }] },
    ]);
  });

  test('a parameter that nothing creates takes its example, and stays the documented operation', () => {
    const parameters =
      'parameters: [{ name: tenant, in: path, required: true, example: acme, schema: { type: string } }]';
    const { resources } = spec(
      `  /tenants/{tenant}/users:\n    ${parameters}\n    post: { operationId: addUser, ${CREATED} }\n`,
    );
    const user = resources.find(({ create: own }) => own !== null)?.create;
    expect(user).toMatchObject({ name: 'POST /tenants/{tenant}/users', operationId: 'addUser' });
    expect(user?.build({ marker: 'm', uuid: 'u', int: 1, now: '', values: {} }).path).toBe('/tenants/acme/users');
  });

  test('a filter in another spelling', () => {
    const list =
      'get: { parameters: [{ name: "filter[externalId]", in: query }], responses: { "200": { description: All, content: { application/json: { schema: { type: array, items: {} } } } } } }';
    const { resources } = spec(`${post(`${body('external_id: { type: string }')}\n${CREATED}`)}    ${list}\n`);
    expect(resources[0]?.list).toMatchObject({ filtered: true });
  });
});

describe('bodies', () => {
  const scope = { marker: 'm-1', uuid: 'u-1', int: 7, now: '', values: {} };
  const sent = (of: Spec, payload: 'body' | 'changed' = 'body'): unknown =>
    JSON.parse(create(of)?.build(scope, payload).body ?? 'null');

  test('an example that does not fit its schema is not sent', () => {
    const schema = '{ type: object, required: [n], properties: { n: { type: integer, minimum: 3 } } }';
    const content = `requestBody: { content: { application/json: { schema: ${schema}, examples: { a: { value: { n: text } }, b: { value: { n: 5 } } } } } }`;
    const own = spec(post(`${content}\n${CREATED}`));
    expect(sent(own)).toEqual({ n: 5 });
    expect(own.inference?.guesses.find(({ about }) => about === 'body')?.reason).toBe('its example "b"');
  });

  test('where none fits, the gap says so', () => {
    const schema = '{ type: object, required: [code], properties: { code: { type: string, pattern: "^(?=a)b$" } } }';
    const own = spec(post(`requestBody: { content: { application/json: { schema: ${schema} } } }\n${CREATED}`));
    expect(own.inference?.gaps.map(({ text }) => text).join('\n')).toContain('code must match pattern');
  });

  test('the alternative that fits', () => {
    const schema =
      '{ oneOf: [{ type: object, required: [a], properties: { a: { type: string, pattern: "^(?=a)b$" } } }, { type: object, required: [b], properties: { b: { type: integer } } }] }';
    expect(
      sent(spec(post(`requestBody: { content: { application/json: { schema: ${schema} } } }\n${CREATED}`))),
    ).toEqual({ b: 10 });
  });

  test('unique fields differ from record to record', () => {
    const own = spec(
      post(
        `${body('email: { type: string, format: email }, slug: { type: string }, ref: { type: string, format: uuid, description: "Must be unique." }', ', required: [email, slug, ref]')}\n${CREATED}`,
      ),
    );
    expect(sent(own)).toEqual({ email: 'm-1@example.com', slug: 'm-1', ref: 'u-1' });
    expect(create(own)?.unique).toEqual(['$.ref']);
  });

  test('a refusal that names the field says that it is unique', () => {
    const conflict =
      'responses: { "201": { description: Created }, "409": { description: An account of this owner exists } }';
    expect(create(spec(post(`${body('owner: { type: string }')}\n${conflict}`)))?.unique).toEqual(['$.owner']);
  });

  test('the variant fits too, or there is none', () => {
    const one = spec(
      post(
        `${body('n: { type: integer, minimum: 10, maximum: 10 }, day: { type: string, format: date }', ', required: [n, day]')}\n${CREATED}`,
      ),
    );
    expect(sent(one, 'changed')).toEqual({ n: 10, day: '2030-01-16' });
    const none = spec(post(`${body('n: { type: integer, minimum: 10, maximum: 10 }', ', required: [n]')}\n${CREATED}`));
    expect(create(none)?.payloads.has('changed')).toBe(false);
  });
});

describe('credentials', () => {
  const schemes =
    'components: { securitySchemes: { token: { type: http, scheme: bearer }, key: { type: apiKey, in: header, name: X-Key }, session: { type: apiKey, in: cookie, name: sid } } }\n';
  const demanding = (security: string) => spec(post(CREATED), `${schemes}security: ${security}\n`);
  const missing = (of: Spec, headers: readonly (readonly [string, string])[] = []) =>
    missingCredentials(of, headers, false);

  test('what is demanded and not given, and how to give it', () => {
    expect(missing(demanding('[{ token: [] }]'))).toEqual([
      'openapi.yaml:3: the document demands token, and no credential is given; add -H "Authorization: Bearer $TOKEN"',
    ]);
    expect(missing(demanding('[{ session: [] }]'))[0]).toContain('-H "Cookie: sid=$API_KEY"');
  });

  test.each<[string, string, readonly (readonly [string, string])[], number]>([
    ['given', '[{ token: [] }]', [['authorization', 'Bearer x']], 0],
    ['one of two ways', '[{ token: [] }, { key: [] }]', [['X-Key', 'x']], 0],
    ['half of one way', '[{ token: [], key: [] }]', [['X-Key', 'x']], 1],
    ['none needed as well', '[{ token: [] }, {}]', [], 0],
    ['none demanded', '[]', [], 0],
  ])('%s', (_, security, headers, expected) => {
    expect(missing(demanding(security), headers)).toHaveLength(expected);
  });
});

describe('a document on the web', () => {
  let server: Server;
  let url = '';
  const asked: string[] = [];
  const paths = '{ "/things": { "$ref": "parts/paths.yaml#/things" } }';
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const texts: Readonly<Record<string, string>> = {
        '/api/bare.json': `{ "openapi": "3.1.0", "info": { "title": "x", "version": "1" }, "paths": ${paths} }`,
        '/api/old.json': `{ "swagger": "2.0", "info": { "title": "x", "version": "1" }, "basePath": "/v2", "paths": ${paths} }`,
        '/api/openapi.json': `{ "openapi": "3.1.0", "info": { "title": "x", "version": "1" }, "servers": [{ "url": "../v1" }], "paths": ${paths} }`,
        '/api/parts/paths.yaml': `things:\n  post:\n    requestBody: { content: { application/json: { schema: { $ref: "../schemas.yaml#Thing" } } } }\n    ${CREATED}\n`,
        '/api/schemas.yaml': 'Thing: { $anchor: Thing, type: object, properties: { note: { type: string } } }\n',
        '/api/elsewhere.json': `{ "openapi": "3.1.0", "paths": { "/x": { "$ref": "http://127.0.0.2:1/x.yaml" } } }`,
        '/api/gone.json': `{ "openapi": "3.1.0", "paths": { "/x": { "$ref": "missing.yaml" } } }`,
      };
      const text = texts[request.url ?? ''];
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  const load = (name: string) => loadSpec(`${url}/api/${name}`, { env: {}, profile: null, fetchText });

  test('is read with what it refers to on its own host, and its servers are seen from there', async () => {
    const own = await load('openapi.json');
    expect(own.url).toBe(`${url}/v1`);
    expect(create(own)).toMatchObject({
      name: 'POST /things',
      marked: true,
      location: { file: `${url}/api/parts/paths.yaml` },
    });
    expect(asked.toSorted()).toEqual(['/api/openapi.json', '/api/parts/paths.yaml', '/api/schemas.yaml']);
  });

  test('another host is never asked', async () => {
    await expect(load('elsewhere.json')).rejects.toThrow(
      'elsewhere.json:1:40 "http://127.0.0.2:1/x.yaml" lies on another host',
    );
  });

  test('what is not there is told where it is referred to', async () => {
    await expect(load('gone.json')).rejects.toThrow('gone.json:1:40 "missing.yaml": was answered with 404');
    await expect(load('none.json')).rejects.toThrow('none.json:1:1 was answered with 404');
  });

  test('is of an API on its own host where it names none', async () => {
    expect((await load('bare.json')).url).toBe(url);
    expect((await load('old.json')).url).toBe(`${url}/v2`);
  });
});
