import { describe, expect, it } from 'vitest';
import { isConsistent, likeness } from '../../../../src/checks/lib/json/likeness.js';
import { carriesId } from '../../../../src/checks/lib/http/mentions.js';
import type { Response } from '../../../../src/core/http.js';
import { createCanned } from '../../../support/exchange.js';

const response = (body: string, overrides: Partial<Response> = {}): Response => ({
  status: 200,
  headers: [],
  body,
  bodyEncoding: 'utf8',
  bodyBytes: Buffer.byteLength(body),
  truncated: false,
  ...overrides,
});

describe('likeness', () => {
  it.each([
    ['{"a":1}', '{"a":1}', 'bytes'],
    ['', '', 'bytes'],
    ['{"a":1,"b":2}', '{"b":2, "a":1}', 'json'],
    ['{"a":12345678901234567890}', '{"a":12345678901234567891}', 'other'],
    ['{"a":1,"at":"x"}', '{"a":1,"at":"y"}', 'volatile'],
    ['{"a":1}', '{"a":2}', 'other'],
    ['{"a":1}', '', 'other'],
    ['{"a":1}', 'done', 'other'],
    ['one', 'two', 'unreadable'],
  ])('%s and %s: %s', (one, two, expected) => {
    expect(likeness(response(one), response(two), ['$.at'])).toBe(expected);
  });

  it('does not take cut bodies for equal, nor compare what is left of them', () => {
    const cut = (bodyBytes: number) => response('{"a":1', { bodyBytes, truncated: true });
    expect(likeness(cut(100), cut(100), [])).toBe('bytes');
    expect(likeness(cut(100), cut(101), [])).toBe('unreadable');
  });
});

describe('isConsistent', () => {
  const { answered, lost } = createCanned();
  it.each([
    [[answered('a', 201, { body: 'x' }), answered('a', 201, { body: 'x' })], true],
    [[answered('a', 201, { body: 'x' }), answered('a', 200, { body: 'x' })], false],
    [[answered('a', 201, { body: 'x' }), answered('a', 201, { body: 'y' })], false],
    [[answered('a', 201), lost('a')], false],
    [[], false],
  ])('case %#', (exchanges, expected) => {
    expect(isConsistent(exchanges, [])).toBe(expected);
  });
});

describe('carriesId', () => {
  it.each([
    ['{"error":{"resource":7}}', true],
    ['{"links":["https://a/orders/7?x=1"]}', true],
    ['{"error":{"resource":77}}', false],
    ['order 7', false],
  ])('%s', (body, expected) => {
    expect(carriesId(response(body), '7')).toBe(expected);
  });

  it('looks at the Location', () => {
    expect(carriesId(response('', { headers: [['Location', '/orders/7']] }), '7')).toBe(true);
  });
});
