import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Payload } from '../../../src/core/operation.js';
import type { Spec } from '../../../src/core/spec.js';
import { header } from '../../../src/core/http.js';
import { loadSpec, specFromText } from '../../../src/spec/load.js';
import { inFolder, written } from '../../support/folder.js';
import { cli } from '../../support/run-cli.js';

const scope = { marker: 'ic-1', uuid: 'u', int: 7, now: '2026-01-01T00:00:00Z', values: {} };

const document = (content: string, more = '') => `openapi: 3.1.0
info: { title: t, version: "1" }
paths:
  /things:
    post:
      requestBody: { required: true, content: ${content} }
      responses: { "201": { description: Created } }
${more}`;

function read(text: string): Spec {
  return specFromText(text, 'openapi.yaml', { env: {}, profile: null });
}

function built(spec: Spec, payload: Payload = 'body') {
  const request = spec.resources[0]?.create?.build(scope, payload);
  if (request === undefined) throw new Error('no create');
  return request;
}

/** The fields of a multipart body, as a server reads them. */
async function fields(request: ReturnType<typeof built>) {
  const type = header(request, 'content-type') ?? '';
  const form = await new Response(request.body, { headers: { 'content-type': type } }).formData();
  return Promise.all(
    [...form].map(async ([name, value]): Promise<readonly [string, unknown]> =>
      typeof value === 'string' ? [name, value] : [name, [value.name, value.type, await value.text()]],
    ),
  );
}

const UPLOAD = document(
  '{ multipart/form-data: { schema: { type: object, required: [file, name, copies, tags, about], properties: { file: { type: string, format: binary }, name: { type: string }, copies: { type: integer, minimum: 1 }, tags: { type: array, minItems: 1, items: { type: string, example: a } }, about: { type: object, required: [kind], properties: { kind: { type: string, enum: [scan] } } } } } } }',
);

test('a form with a file: each field is a part, and a server reads them', async () => {
  const spec = read(UPLOAD);
  expect(await fields(built(spec))).toEqual([
    ['file', ['idem-check.txt', 'text/plain', 'idem-check\n']],
    ['name', 'ic-1'],
    ['copies', expect.stringMatching(/^\d+$/)],
    ['tags', 'a'],
    ['about', '{"kind":"scan"}'],
  ]);
  expect(spec.resources[0]?.create?.marked).toBe(true);
});

test('its variant is another form with the same marker', async () => {
  const spec = read(UPLOAD);
  const [body, variant] = [
    Object.fromEntries(await fields(built(spec))),
    Object.fromEntries(await fields(built(spec, 'changed'))),
  ];
  expect(variant['name']).toBe('ic-1');
  expect(variant['copies']).not.toBe(body['copies']);
});

test('a file that must be an image is not made up, and that is said', () => {
  const content =
    '{ multipart/form-data: { schema: { type: object, required: [photo], properties: { photo: { type: string, format: binary } } }, encoding: { photo: { contentType: "image/png, image/jpeg" } } } }';
  const { inference } = read(document(content));
  expect(inference?.gaps.map(({ text }) => text).join('\n')).toContain(
    'a file of type image/png, image/jpeg ("photo") is not made up',
  );
});

const INVOICE = `components:
  schemas:
    Invoice:
      type: object
      xml: { name: invoice, namespace: "urn:example", prefix: i }
      required: [number, total, lines, note]
      properties:
        number: { type: string, example: 'A&"1', xml: { attribute: true } }
        total: { type: integer, example: 12 }
        note: { type: string }
        lines:
          type: array
          minItems: 1
          xml: { wrapped: true }
          items: { type: object, xml: { name: line }, required: [sku], properties: { sku: { type: string, enum: ["<1>"] } } }
`;

test('XML by the words of its schema: names, attributes, a namespace, wrapped lists, escapes', () => {
  const spec = read(document('{ application/xml: { schema: { $ref: "#/components/schemas/Invoice" } } }', INVOICE));
  const request = built(spec);
  expect(header(request, 'content-type')).toBe('application/xml');
  expect(request.body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<i:invoice xmlns:i="urn:example" number="A&amp;&quot;1">' +
      '<total>12</total><note>ic-1</note><lines><line><sku>&lt;1&gt;</sku></line></lines></i:invoice>',
  );
  expect(built(spec, 'changed').body).toContain('<note>ic-1</note>');
  expect(built(spec, 'changed').body).not.toBe(request.body);
});

test('the root is called as the schema is where nothing else is said', () => {
  const more =
    'components: { schemas: { Note: { type: object, required: [text], properties: { text: { type: string } } } } }\n';
  const content = '{ application/vnd.example+xml: { schema: { $ref: "#/components/schemas/Note" } } }';
  expect(built(read(document(content, more))).body).toMatch(/<Note><text>ic-1<\/text><\/Note>$/);
});

test('JSON goes before both, and both before a plain text', () => {
  const schema = 'schema: { type: object, required: [name], properties: { name: { type: string } } }';
  const typeOf = (...types: readonly string[]) =>
    header(built(read(document(`{ ${types.map(type => `${type}: { ${schema} }`).join(', ')} }`))), 'content-type');
  expect(typeOf('application/xml', 'multipart/form-data', 'application/json')).toBe('application/json');
  expect(typeOf('text/plain', 'application/xml', 'multipart/form-data')).toMatch(/^multipart\/form-data; boundary=/);
  expect(typeOf('text/plain', 'application/xml')).toBe('application/xml');
});

test.each([
  ['multipart', UPLOAD],
  ['XML', document('{ application/xml: { schema: { $ref: "#/components/schemas/Invoice" } } }', INVOICE)],
])('what init writes of %s is the same bytes', async (_, text) => {
  await inFolder(async folder => {
    const file = written(folder, 'openapi.yaml', text);
    const out = join(folder, 'idem-check.yaml');
    expect((await cli(['init', file, '-o', out])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('contentType:');
    const of = async (name: string) => built(await loadSpec(name, { env: {}, profile: null }));
    expect((await of(out)).body).toBe((await of(file)).body);
  });
});
