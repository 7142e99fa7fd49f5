import { describe, expect, it } from 'vitest';
import {
  entityTag,
  holdsVersion,
  isSameTag,
  isSameVersion,
  isYoung,
  neverIssued,
  offersControl,
  refusalsOf,
  underVersion,
  versionOf,
  type Version,
} from '../../../../src/checks/lib/http/version.js';
import type { HeaderLine, Method } from '../../../../src/core/http.js';
import type { Outgoing, VersionCarrier } from '../../../../src/core/resource.js';
import { createCanned } from '../../../support/exchange.js';
import { keyed, operation } from '../../../support/subject.js';

const { answered, lost } = createCanned();
const read = (headers: readonly HeaderLine[], body: string | object = '', status = 200) =>
  answered('read', status, { headers, body });
const within = (version: VersionCarrier | null) => ({ version });

describe('entityTag', () => {
  it.each([
    ['"abc"', 'strong'],
    ['""', 'strong'],
    ['"a!#~ÿ"', 'strong'],
    ['W/"abc"', 'weak'],
    ['w/"abc"', 'malformed'],
    ['abc', 'malformed'],
    ['"abc', 'malformed'],
    ['"a"b"', 'malformed'],
    ['"a b"', 'malformed'],
    ['W/abc', 'malformed'],
    ['', 'malformed'],
  ])('%s is %s', (text, kind) => {
    expect(entityTag(text).kind).toBe(kind);
  });
});

describe('isSameTag', () => {
  it('compares weakly', () => {
    const [strong, weak, other] = ['"1"', 'W/"1"', '"2"'].map(entityTag);
    const same = [
      [strong, weak],
      [strong, other],
      [strong, null],
      [null, null],
    ].map(([one = null, two = null]) => isSameTag(one, two));
    expect(same).toEqual([true, false, false, true]);
  });
});

describe('isYoung', () => {
  const second = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toUTCString();
  it.each([
    ['within the second of its change', 'W/"1"', second(5), true],
    ['in the next one', 'W/"1"', second(4), true],
    ['later', 'W/"1"', second(3), false],
    ['with a strong tag', '"1"', second(5), false],
    ['without the time of its change', 'W/"1"', null, false],
  ])('a read %s', (_, tag, modified, expected) => {
    const described: readonly HeaderLine[] = modified === null ? [] : [['Last-Modified', modified]];
    expect(isYoung(read([['ETag', tag], ['Date', second(5)], ...described]))).toBe(expected);
  });
});

describe('versionOf', () => {
  it.each([
    ['a tag', null, read([['etag', '"1"']]), 'strong "1"'],
    [
      'a tag before a time',
      null,
      read([
        ['ETag', 'W/"1"'],
        ['Last-Modified', 'x'],
      ]),
      'weak W/"1"',
    ],
    ['a time', null, read([['Last-Modified', 'Mon']]), 'modified Mon'],
    ['nothing', null, read([]), null],
    ['a refused read', null, read([['etag', '"1"']], '', 404), null],
    ['a lost read', null, lost('read'), null],
    ['the header by its name', { in: 'header', name: 'ETag' }, read([['etag', '"1"']]), 'strong "1"'],
    ['a header of its own', { in: 'header', name: 'X-Rev' }, read([['x-rev', '7']]), 'field 7'],
    ['a field', { in: 'body', name: 'etag' }, read([], { etag: 'q' }), 'field q'],
    ['a number', { in: 'query', name: 'version' }, read([], { version: 3 }), 'field 3'],
    ['a place', { in: 'body', name: '$.meta.rev' }, read([], { meta: { rev: 'r' } }), 'field r'],
    ['no such field', { in: 'body', name: 'etag' }, read([['etag', '"1"']], { id: 1 }), null],
    ['a field that is null', { in: 'body', name: 'etag' }, read([], { etag: null }), null],
    ['no JSON', { in: 'body', name: 'etag' }, read([], '<p>'), null],
  ] as const)('%s', (_, carrier, exchange, expected) => {
    const version = versionOf(within(carrier), exchange);
    expect(version === null ? null : `${version.kind} ${version.value}`).toBe(expected);
  });
});

describe('underVersion', () => {
  const sent = (method: Method, body: string | null, headers: readonly HeaderLine[] = []): Outgoing => ({
    operation: operation(method, '/orders/{id}', 'replace'),
    scope: { marker: 'm', uuid: 'u', int: 1, now: '', values: {} },
    request: { method, path: '/orders/1', headers, body },
  });
  const version = (kind: Version['kind'], value: string, isNumber = false): Version => ({ kind, value, isNumber });
  it.each([
    [null, version('strong', '"1"'), '{}', { headers: [['If-Match', '"1"']] }],
    [null, version('malformed', 'x'), '{}', { headers: [['If-Match', 'x']] }],
    [null, version('modified', 'Mon'), '{}', { headers: [['If-Unmodified-Since', 'Mon']] }],
    [{ in: 'header', name: 'X-Rev' }, version('field', '7'), '{}', { headers: [['X-Rev', '7']] }],
    [{ in: 'body', name: 'etag' }, version('field', 'q'), '{"a":1.0}', { body: '{"a":1.0,"etag":"q"}' }],
    [
      { in: 'body', name: 'v' },
      version('field', '12345678901234567890', true),
      '{}',
      { body: '{"v":12345678901234567890}' },
    ],
    [
      { in: 'body', name: 'meta.v' },
      version('field', '3', true),
      '{"meta":{"a":1}}',
      { body: '{"meta":{"a":1,"v":3}}' },
    ],
    [{ in: 'body', name: 'etag' }, version('field', 'q'), null, { path: '/orders/1?etag=q', body: null }],
    [{ in: 'body', name: 'etag' }, version('field', 'q'), '[1]', { path: '/orders/1?etag=q', body: '[1]' }],
    [
      { in: 'body', name: '_rev', parameter: 'rev' },
      version('field', '1-a'),
      null,
      { path: '/orders/1?rev=1-a', body: null },
    ],
    [{ in: 'body', name: '_rev', parameter: 'rev' }, version('field', '1-a'), '{}', { body: '{"_rev":"1-a"}' }],
    [{ in: 'body', name: 'meta.v' }, version('field', 'q'), null, { path: '/orders/1', body: null }],
    [{ in: 'query', name: 'etag' }, version('field', 'a b'), '{}', { path: '/orders/1?etag=a%20b' }],
  ] as const)('%j %j', (carrier, named, body, expected) => {
    expect(underVersion(sent('PUT', body), within(carrier), named).request).toMatchObject(expected);
  });

  it('puts the version into a form', () => {
    const form = sent('PUT', 'a=1', [['content-type', 'application/x-www-form-urlencoded']]);
    const { request } = underVersion(form, within({ in: 'body', name: 'etag' }), version('field', 'q&'));
    expect(request.body).toBe('a=1&etag=q%26');
  });
});

it('knows which writes have a place for the version', () => {
  const [put, remove] = [operation('PUT', '/orders/{id}', 'replace'), operation('DELETE', '/orders/{id}', 'delete')];
  const bare = { ...remove, build: () => ({ method: 'DELETE', path: '/orders/1', headers: [], body: null }) as const };
  const full = { ...put, build: () => ({ method: 'PUT', path: '/orders/1', headers: [], body: '{}' }) as const };
  const on = (version: VersionCarrier | null) => ({ version, parents: [] });
  expect(holdsVersion(bare, on(null))).toBe(true);
  expect(holdsVersion(bare, on({ in: 'header', name: 'ETag' }))).toBe(true);
  expect(holdsVersion(bare, on({ in: 'body', name: '$.data.attributes.version' }))).toBe(false);
  expect(holdsVersion(bare, on({ in: 'body', name: 'etag' }))).toBe(true);
  expect(holdsVersion(full, on({ in: 'body', name: 'version' }))).toBe(true);
});

it('knows the same version, and one that was never issued', () => {
  const [one, field] = [entityTag('"1"'), { kind: 'field', value: '7', isNumber: true } as const];
  expect(isSameVersion(one, entityTag('"1"'))).toBe(true);
  expect(isSameVersion(one, entityTag('W/"1"'))).toBe(false);
  expect(isSameVersion(null, null)).toBe(false);
  expect(neverIssued(one).value).toBe('"idem-check-nonexistent"');
  expect(neverIssued(field)).toEqual({ kind: 'field', value: '1000000014', isNumber: true });
  expect(Date.parse(neverIssued({ kind: 'modified', value: 'x', isNumber: false }).value)).toBe(Date.UTC(2000, 0, 1));
});

it('sees concurrency control offered by a strong tag, a field, a document or the contract', () => {
  const documented = { statuses: ['200', '412'], requestHeaders: [], responseHeaders: [] };
  const [weak, plain] = [entityTag('W/"1"'), operation('PUT', '/x', 'replace')];
  const demanding = { ...keyed, etag: { ...keyed.etag, missing: [428] } };
  expect(offersControl(plain, entityTag('"1"'))).toBe(true);
  expect(offersControl(plain, { kind: 'field', value: '1', isNumber: true })).toBe(true);
  expect(offersControl(plain, weak)).toBe(false);
  expect(offersControl(plain, { kind: 'modified', value: 'Mon', isNumber: false })).toBe(false);
  expect(offersControl({ ...plain, documented }, weak)).toBe(true);
  expect(offersControl({ ...plain, documented: { ...documented, statuses: ['200'] } }, weak)).toBe(false);
  expect(
    offersControl({ ...plain, documented: { ...documented, statuses: [], requestHeaders: ['if-match'] } }, weak),
  ).toBe(true);
  expect(offersControl({ ...plain, contract: demanding }, weak)).toBe(true);
  expect(refusalsOf(plain, weak)).toEqual([412]);
  expect(refusalsOf(plain, { kind: 'field', value: '1', isNumber: true })).toEqual([412, 409]);
});
