import { JSONPointer } from 'json-p3';
import { expect, test } from 'vitest';
import { flawNamed } from '../../src/reference/flaws/index.js';
import type { Choices } from '../../src/reference/choices.js';
import { referenceClient } from '../support/reference-client.js';

async function documentOf(choices: Partial<Choices> = {}, flaw = '') {
  const api = referenceClient({ choices, flaw: flawNamed(flaw) ?? null });
  return JSON.parse((await api.send('GET', '/openapi.json')).text);
}

test('every reference of the document leads somewhere', async () => {
  const document = await documentOf();
  expect(document.openapi).toBe('3.1.0');
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = '']) => reference,
  );
  expect(references.length).toBeGreaterThan(20);
  const lost = references.filter(reference => !new JSONPointer(reference.replace('#', '')).exists(document));
  expect(lost).toEqual([]);
});

test('it declares the key, its lifetime, and every refusal of a keyed create', async () => {
  const { paths, components } = await documentOf();
  const { parameters, responses, requestBody } = paths['/orders'].post;
  expect(parameters).toEqual([{ $ref: '#/components/parameters/IdempotencyKey' }]);
  expect(components.parameters.IdempotencyKey).toMatchObject({ name: 'Idempotency-Key', in: 'header', required: true });
  expect(components.parameters.IdempotencyKey.description).toContain('24 hours');
  expect(Object.keys(responses)).toEqual(['201', '400', '409', '422']);
  expect(requestBody.content['application/json'].example).toMatchObject({ amount: 99.99 });
});

test('it declares preconditions and tags', async () => {
  const { paths } = await documentOf();
  const { get, put, patch } = paths['/orders/{id}'];
  expect(get.responses['200'].headers).toHaveProperty('ETag');
  expect(get.responses).toHaveProperty('304');
  expect(Object.keys(put.responses)).toEqual(['200', '201', '400', '412', '428']);
  expect(patch.parameters).toContainEqual({ $ref: '#/components/parameters/IfMatch' });
});

test('a key in the body is a member of the schema, not a header', async () => {
  const { paths, components } = await documentOf({ keyIn: 'body' });
  expect(paths['/orders'].post.parameters).toBe(undefined);
  expect(components.schemas.NewOrder.properties).toHaveProperty('request_id');
});

test('an API without keys, tags or lists does not speak of them', async () => {
  const text = JSON.stringify(await documentOf({ etag: 'none', list: false }, 'no-key'));
  expect(text).not.toMatch(/Idempotency-Key|If-Match"|listOrders|expire/);
});

test.each([
  [{ ttlSeconds: 90 }, '90 seconds'],
  [{ ttlSeconds: 7200 }, '2 hours'],
])('the lifetime is the one of the choices (%o)', async (variant, described) => {
  expect((await documentOf(variant)).info.description).toContain(described);
});

test('a flaw that is silent about the lifetime is so in the document too', async () => {
  expect(JSON.stringify(await documentOf({}, 'ttl-short-undeclared'))).not.toMatch(/expire/i);
});

test('it declares that a label is made by PUT, under a condition that is not demanded', async () => {
  const { put } = (await documentOf()).paths['/labels/{id}'];
  expect(Object.keys(put.responses)).toEqual(['200', '201', '400', '412']);
  expect(put.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: false }));
  expect(put.parameters).toContainEqual({ $ref: '#/components/parameters/IfNoneMatch' });
});
