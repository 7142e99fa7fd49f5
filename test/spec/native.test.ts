import { beforeAll, describe, expect, test } from 'vitest';
import type { Spec } from '../../src/core/spec.js';
import { loadSpec, specFromText } from '../../src/spec/load.js';
import { create, ENV, given, resource, SCOPE, spec } from './native-specs.js';

describe('the whole example', () => {
  let whole: Spec;
  beforeAll(async () => {
    whole = await loadSpec('fixtures/openapi/whole.yaml', { env: ENV, profile: null });
  });

  test('target, callers, hooks, store, waivers', () => {
    expect(whole.source).toBe('native');
    expect(whole.url).toBe('http://127.0.0.1:4010');
    expect(whole.caller).toEqual({ headers: [['X-Tenant', 'acme']], auth: { kind: 'bearer', token: 'token-1' } });
    expect(whole.identities).toEqual({ other: { headers: [['Authorization', 'Bearer token-2']], auth: null } });
    expect(whole.profile).toBe('ietf');
    expect(whole.checks).toEqual({
      include: null,
      exclude: ['head-matches-get'],
      severity: { 'key-replay-headers': 'high' },
    });
    expect(whole.hooks).toEqual({
      clock: { kind: 'command', command: 'faketime-advance {{seconds}}' },
      restart: { kind: 'request', method: 'POST', path: '/admin/restart', body: null },
    });
    expect(whole.store).toEqual({ kind: 'redis', url: 'redis://127.0.0.1:6379', names: ['idempotency:{key}'] });
    expect(whole.waivers).toMatchObject([
      { check: 'delete-repeat', operation: 'DELETE /orders/{id}', reason: 'legacy client', until: '2027-03-01' },
    ]);
    expect(whole.redact('{"card":{"number":"4111"},"id":9007199254740993}')).toBe(
      '{"card":{"number":"[redacted]"},"id":9007199254740993}',
    );
  });

  test('an order', () => {
    const order = resource(whole, 'order');
    const made = given(order.create);
    expect(made.name).toBe('POST /orders');
    expect(made.build(SCOPE)).toEqual({
      method: 'POST',
      path: '/orders',
      headers: [['content-type', 'application/json']],
      body: '{"amount":99.99,"reference":"m-1"}',
    });
    expect(made.build(SCOPE, 'changed').body).toBe('{"amount":100.5,"reference":"m-1"}');
    expect(made.unique).toEqual(['$.reference']);
    expect(made.contract.key).toEqual({ in: 'body', name: 'request_id', required: false, form: 'raw' });
    expect(made.contract).toMatchObject({ ttl: 86_400, ttlFloor: { fail: 30, warn: 86_400 }, profileChosen: true });
    expect(order.list).toMatchObject({
      filtered: true,
      items: { text: '$.items' },
      operation: { name: 'GET /orders', path: '/orders' },
    });
    expect(order.list?.operation.build(SCOPE).path).toBe('/orders?reference=m-1');
    expect(order.replace?.build({ ...SCOPE, values: { id: '1' } }, 'omit').body).toBe(
      '{"amount":10,"status":"confirmed"}',
    );
    expect(order.remove).toMatchObject({ name: 'DELETE /orders/{id}', role: 'delete', contract: { key: null } });
    expect(order.version).toEqual({ in: 'header', name: 'ETag' });
    expect(order.volatile.map(({ text }) => text)).toEqual(['$.updatedAt']);
    expect(made.location).toMatchObject({ file: 'fixtures/openapi/whole.yaml', line: 18, column: 5 });
  });

  test('an account whose effect is a number', () => {
    const [deposit] = resource(whole, 'account').actions;
    expect(deposit).toMatchObject({
      name: 'deposit',
      operation: { role: 'action:deposit', contract: { key: { required: true } } },
    });
    expect(deposit?.effect?.value.in({ balance: 5 })).toEqual([5]);
    expect(deposit?.effect?.read.name).toBe('GET /accounts/{id}');
  });

  test('a note below an order', () => {
    const note = resource(whole, 'note');
    expect(note.parents).toEqual([resource(whole, 'order')]);
    expect(note.create?.build({ ...SCOPE, values: { 'order.id': 'a/b' } }).path).toBe('/orders/a%2Fb/notes');
    expect(note.count?.command(SCOPE)).toBe(`psql -tAc "select count(*) from notes where text = 'm-1'"`);
  });
});

test.each(['json-server', 'nginx', 'node-idempotency', 'solid'])('the spec of %s holds up', async name => {
  const loaded = await loadSpec(`fixtures/specs/${name}.yaml`, {
    env: { API_URL: 'http://127.0.0.1:1' },
    profile: null,
  });
  expect(loaded.resources.length).toBeGreaterThan(0);
});

test('JSON is read like YAML', () => {
  const json = JSON.stringify({ version: 1, resources: { order: { read: 'GET /orders/{id}' } } });
  expect(specFromText(json, 'idem-check.json', { env: {}, profile: null }).resources[0]?.read?.name).toBe(
    'GET /orders/{id}',
  );
});

describe('bodies', () => {
  test.each([
    ['{ request: POST /o, form: { a: "{{marker}}", b: 1 } }', 'a=m-1&b=1', 'application/x-www-form-urlencoded'],
    ['{ request: POST /o, text: "hi {{marker}}" }', 'hi m-1', 'text/plain'],
    ['{ request: POST /o, text: <a/>, contentType: application/xml }', '<a/>', 'application/xml'],
    ['{ request: POST /o, body: ["{{int}}", "{{int}}x", null, true] }', '[7,"7x",null,true]', 'application/json'],
    ['{ request: POST /o, body: "{{marker}}" }', '"m-1"', 'application/json'],
    [
      '{ request: POST /o, body: { at: "{{now}}", u: "{{ uuid }}" } }',
      '{"at":"2026-01-01T00:00:00Z","u":"u-1"}',
      'application/json',
    ],
  ])('%s', (text, body, type) => {
    const request = create(text).build(SCOPE);
    expect(request.body).toBe(body);
    expect(request.headers).toEqual([['content-type', type]]);
  });

  test('without a body there is no content type', () => {
    expect(create('POST /o').build(SCOPE)).toMatchObject({ headers: [], body: null });
  });

  test('headers of its own go first, and its content type wins', () => {
    const request = create(
      '{ request: POST /o, headers: { Content-Type: a/b, X-M: "{{marker}}", X-N: 1 }, body: {} }',
    ).build(SCOPE);
    expect(request.headers).toEqual([
      ['Content-Type', 'a/b'],
      ['X-M', 'm-1'],
      ['X-N', '1'],
    ]);
  });

  test('values of the scope keep their type, and are percent-encoded in paths', () => {
    const operation = create(
      '{ request: "PUT /o/{code}?q={{code}}", body: { id: "{{id}}", code: "{{code}}" }, capture: { code: $.code } }',
    );
    const request = operation.build({ ...SCOPE, values: { id: 5, code: 'a b&c' } });
    expect(request).toMatchObject({ path: '/o/a%20b%26c?q=a%20b%26c', body: '{"id":5,"code":"a b&c"}' });
  });

  test('dots alone do not climb out of the path', () => {
    expect(create('"PUT /o/{id}"').build({ ...SCOPE, values: { id: '..' } }).path).toBe('/o/%2E%2E');
  });

  test('a value the scope lacks is a RangeError', () => {
    expect(() => create('"PUT /o/{id}"').build(SCOPE)).toThrow(new RangeError('nothing gives a value for "id"'));
    expect(() => create('"PUT /o/{id}"').build({ ...SCOPE, values: { id: '' } })).not.toThrow();
    expect(() => create('POST /o').build(SCOPE, 'changed')).toThrow(RangeError);
  });

  test('faults are merged over the body', () => {
    const operation = create(
      '{ request: POST /o, body: { a: 1, b: { c: 2 } }, faults: { invalid: { b: { c: x } }, crash: { a: boom } } }',
    );
    expect(operation.build(SCOPE, 'invalid').body).toBe('{"a":1,"b":{"c":"x"}}');
    expect(operation.build(SCOPE, 'crash').body).toBe('{"a":"boom","b":{"c":2}}');
  });
});

describe('marked', () => {
  test.each([
    ['{ order: { create: { request: POST /o, body: { a: "{{marker}}" } } } }', true],
    ['{ order: { create: { request: "POST /o?m={{marker}}" } } }', true],
    ['{ order: { create: { request: POST /o, text: "{{marker}}" } } }', true],
    ['{ order: { create: { request: POST /o, body: { a: "{{uuid}}" } } } }', false],
    ['{ order: { id: "o-{{marker}}", create: "PUT /o/{id}" } }', true],
    ['{ order: { id: "{{uuid}}", create: "PUT /o/{id}" } }', false],
    ['{ order: { create: { request: POST /o, headers: { X-Trace: "{{marker}}" } } } }', false],
  ])('%s: %s', (resources, marked) => {
    expect(spec(`resources: ${resources}`).resources[0]?.create?.marked).toBe(marked);
  });
});

test('parents come outermost first, each once', () => {
  const loaded = spec(
    'resources: { c: { parent: [b, a], create: "POST /{a.id}/{b.id}" }, b: { parent: a, create: "POST /{a.id}" }, a: { create: POST /a } }',
  );
  expect(loaded.resources.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  expect(resource(loaded, 'c').parents.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('set-up and teardown of a file and of a resource', () => {
  const loaded = spec(
    'setup: [{ request: POST /tenants, capture: { tenant: $.id } }]\nteardown: ["DELETE /tenants/{tenant}"]\nresources: { o: { setup: ["POST /seed/{tenant}"], teardown: [POST /sweep], create: "POST /{tenant}/o" } }',
  );
  expect([...loaded.setup, ...loaded.teardown].map(({ name, role, resource: of }) => [name, role, of])).toEqual([
    ['POST /tenants', 'other', ''],
    ['DELETE /tenants/{tenant}', 'other', ''],
  ]);
  const [order] = loaded.resources;
  expect([...(order?.setup ?? []), ...(order?.teardown ?? [])].map(({ name }) => name)).toEqual([
    'POST /seed/{tenant}',
    'POST /sweep',
  ]);
});

test('deletion that shows otherwise', () => {
  const gone = (text: string) => given(spec(`resources: { o: { read: "GET /o/{id}"${text} } }`).resources[0]).gone;
  expect(gone('')).toEqual({ kind: 'status', statuses: [404, 410] });
  expect(gone(', gone: { status: 410 }')).toEqual({ kind: 'status', statuses: [410] });
  expect(gone(', gone: { value: $.state, equals: archived }')).toMatchObject({
    kind: 'value',
    value: { text: '$.state' },
    equals: 'archived',
  });
  expect(gone(', gone: { value: $.id, equals: null }')).toMatchObject({ kind: 'value', equals: null });
});

test('what the target says does not get into a command unless it is harmless', () => {
  const [order] = spec(
    'resources: { o: { create: { request: POST /o, capture: { code: $.code } }, count: { command: "count {{code}}" } } }',
  ).resources;
  expect(order?.count?.command({ ...SCOPE, values: { code: 'a-1' } })).toBe('count a-1');
  expect(() => order?.count?.command({ ...SCOPE, values: { code: '$(rm -rf /)' } })).toThrow(RangeError);
});

test.each([
  ['{ basic: { username: u, password: p } }', { kind: 'basic', username: 'u', password: 'p' }],
  ['{ apiKey: { in: query, name: k, value: v } }', { kind: 'apiKey', in: 'query', name: 'k', value: 'v' }],
  [
    '{ oauth2: { tokenUrl: "http://127.0.0.1/token", clientId: a, clientSecret: b } }',
    { kind: 'oauth2', tokenUrl: 'http://127.0.0.1/token', clientId: 'a', clientSecret: 'b', scope: null },
  ],
  ['{ command: print-token }', { kind: 'command', command: 'print-token', header: 'Authorization' }],
  ['{ command: print-token, header: X-Auth }', { kind: 'command', command: 'print-token', header: 'X-Auth' }],
])('authentication by %s', (text, auth) => {
  expect(spec(`target: { auth: ${text} }\nresources: { o: { create: POST /o } }`).caller.auth).toEqual(auth);
});

test('variables are filled in and stay text', () => {
  const loaded = specFromText(
    'version: 1\nresources: { o: { create: { request: "POST /${P:-o}", body: { n: "${N}", d: "${E:-x}", l: "$${N}" } } } }',
    'f',
    { env: { N: '5', E: '' }, profile: null },
  );
  expect(loaded.resources[0]?.create?.build(SCOPE)).toMatchObject({ path: '/o', body: '{"n":"5","d":"x","l":"${N}"}' });
});
