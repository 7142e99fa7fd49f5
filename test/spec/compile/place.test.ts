import { describe, expect, test } from 'vitest';
import type { HeaderLine, Response } from '../../../src/core/http.js';
import type { Place } from '../../../src/generated/spec.js';
import { captureOf, compileIdentity, idCapture, readPlace } from '../../../src/spec/compile/place.js';

function response(body: unknown, headers: readonly HeaderLine[] = []): Response {
  return { status: 201, headers, body: JSON.stringify(body), bodyEncoding: 'utf8', bodyBytes: 0, truncated: false };
}

const located = (address: string) => response({}, [['location', address]]);

describe('the id of a created resource', () => {
  test('nobody says: the body first, else the last segment of Location', () => {
    const { of, chosenBy } = compileIdentity(undefined);
    expect(chosenBy).toBe('server');
    expect(of(response({ id: 'a' }, [['Location', '/orders/b']]))).toBe('a');
    expect(of(located('/orders/b'))).toBe('b');
    expect(of(located('http://h/orders/a%20b/?x=1#y'))).toBe('a b');
    expect(of(response({}))).toBe(null);
  });

  test('an id may be 0 or empty, and is never null or a mapping', () => {
    const { of } = compileIdentity('$.id');
    expect(of(response({ id: 0 }))).toBe('0');
    expect(of(response({ id: '' }))).toBe('');
    expect(of(response({ id: null }))).toBe(null);
    expect(of(response({ id: {} }))).toBe(null);
  });

  test('a long number keeps its digits', () => {
    const { of } = compileIdentity('$.id');
    expect(of({ ...response(null), body: '{"id":12345678901234567890}' })).toBe('12345678901234567890');
  });

  test('a pattern takes its first group', () => {
    const { of } = compileIdentity({ header: 'location', pattern: '/notes/([^/?]+)' });
    expect(of(located('/notes/5?x=1'))).toBe('5');
    expect(of(located('/orders/5'))).toBe(null);
  });

  test('the client chooses it', () => {
    const { chosenBy, from, of } = compileIdentity('o-{{uuid}}');
    expect(chosenBy).toBe('client');
    expect(from?.({ marker: 'm', uuid: 'u', int: 1, now: 'n', values: {} })).toBe('o-u');
    expect(of(response({ id: 'a' }))).toBe(null);
  });

  test.each<[Place | undefined]>([
    [undefined],
    ['$.data.id'],
    [{ header: 'Location' }],
    [{ header: 'Location', pattern: '/notes/([^/]+)$' }],
    [{ header: 'Location', pattern: '^https://h\\.test/a/(\\w+)\\?v=1$' }],
    [{ header: 'X-Id' }],
  ])('a stand-in answer shows the id it was given: %o', place => {
    const identity = compileIdentity(place);
    expect(identity.of(identity.place(response({}), 'id_1'))).toBe('id_1');
  });
});

test('{{id}} puts a number back as a number', () => {
  expect(idCapture(undefined)(response({ id: 5 }))).toEqual({ id: 5 });
  expect(idCapture('$.key')(response({ id: 5, key: 'k' }))).toEqual({ id: 'k' });
  expect(idCapture(undefined)(response({}))).toEqual({});
  expect(idCapture('{{uuid}}')(response({ id: 5 }))).toEqual({});
  expect(idCapture({ header: 'Location' })(located('/a/5'))).toEqual({});
});

test('what is captured keeps its type; what is not there is left out', () => {
  const capture = captureOf({ n: '$.n', b: '$.b', none: '$.none', all: '$', etag: { header: 'ETag' } });
  expect(capture(response({ n: 1.5, b: false }, [['etag', '"1"']]))).toEqual({ n: 1.5, b: false, etag: '"1"' });
});

test('a header is read as it stands, unless it is an address', () => {
  expect(readPlace({ header: 'X-Id' })(response({}, [['x-id', 'a%20b']]))).toBe('a%20b');
  expect(readPlace({ header: 'Location' })(located('/a/%E0%A4%A'))).toBe('%E0%A4%A');
});
