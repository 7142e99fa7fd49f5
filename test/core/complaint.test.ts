import { expect, test } from 'vitest';
import { complaintOf } from '../../src/core/complaint.js';
import { operation } from '../support/subject.js';

const create = operation('POST', '/orders', 'create', {});

/** What a refusal minds in a body. */
function minded(status: number, answer: unknown, headers: readonly (readonly [string, string])[] = [], of = create) {
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return complaintOf(of, '{"amount":1}', {
    status,
    headers,
    body,
    bodyEncoding: 'utf8',
    bodyBytes: body.length,
    truncated: false,
  });
}

test.each([
  ['RFC 9457, pointers', { errors: [{ detail: 'must be positive', pointer: '#/price/amount' }] }, 'price.amount'],
  ['RFC 7807, invalid-params', { 'invalid-params': [{ name: 'age', reason: 'must be positive' }] }, 'age'],
  ['JSON:API', { errors: [{ source: { pointer: '/data/attributes/name' } }] }, 'data.attributes.name'],
  ['Rails and Laravel', { message: 'invalid', errors: { name: ['is missing'] } }, 'name'],
  ['Django', { name: ['This field is required.'] }, 'name'],
  ['FastAPI', { detail: [{ loc: ['body', 'lines', 0, 'sku'], msg: 'Field required' }] }, 'lines'],
  ['Zod', { issues: [{ path: ['currency'], message: 'Required' }] }, 'currency'],
  ['Stripe', { error: { type: 'invalid_request_error', param: 'amount' } }, 'amount'],
  ['gRPC', { error: { details: [{ fieldViolations: [{ field: 'book.title' }] }] } }, 'book.title'],
  ['Ajv', { errors: [{ instancePath: '/amount', message: 'must be number' }] }, 'amount'],
  ['one field', { code: 'invalid', field: 'amount' }, 'amount'],
])('the member is read from %s', (_, answer, about) => {
  expect(minded(422, answer)?.about).toBe(about);
  expect(minded(400, answer)?.about).toBe(about);
});

test('the line that mends it stands where the operation is', () => {
  expect(minded(422, { field: 'price.amount' })?.yaml).toBe(
    'resources: { order: { create: { body: { ..., price: { amount: <value> } } } } }',
  );
  const act = operation('POST', '/orders/{id}/pay', 'action:pay', {});
  expect(minded(400, { field: 'amount' }, [], act)?.yaml).toBe(
    'resources: { order: { actions: { pay: { body: { ..., amount: <value> } } } } }',
  );
});

test('a 415 minds the content type, and may say the one it takes', () => {
  const taken = minded(415, '', [['Accept-Post', 'application/vnd.api+json, text/plain']]);
  expect(taken).toMatchObject({ about: 'its content type' });
  expect(taken?.yaml).toContain('contentType: application/vnd.api+json');
});

test.each([
  ['no JSON', 400, 'amount is missing'],
  ['no member', 422, { title: 'Unprocessable', detail: 'no', errors: [] }],
  ['a query parameter', 422, { detail: [{ loc: ['query', 'page'], msg: 'wrong' }] }],
  ['what is no name', 422, { errors: [{ field: 'The amount is missing!' }] }],
  ['another status', 409, { field: 'amount' }],
])('nothing is read from %s', (_, status, answer) => {
  expect(minded(status, answer)).toBe(null);
});

test('a request without a body is not to blame', () => {
  const answer = { status: 400, headers: [], body: '{"field":"amount"}', bodyEncoding: 'utf8' } as const;
  expect(complaintOf(create, null, { ...answer, bodyBytes: 18, truncated: false })).toBe(null);
});
