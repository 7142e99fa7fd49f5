import { describe, expect, test } from 'vitest';
import { framingOf, isKept } from '../../src/transport/answer-framing.js';
import { createAnswerReader } from '../../src/transport/answer-reader.js';
import { Lost } from '../../src/transport/lost.js';

/** Reads an answer that comes in pieces of this size; `closed` once the server ends the connection behind it. */
function read(answer: string, size: number, { isHead = false, closed = false } = {}) {
  const described: string[] = [];
  const reader = createAnswerReader(isHead, 1024, {
    onBegin: () => described.push('begin'),
    onInterim: () => described.push('interim'),
  });
  const bytes = Buffer.from(answer, 'latin1');
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  if (closed) reader.finish();
  const response = reader.response();
  return {
    described,
    isComplete: reader.isComplete(),
    canGoOn: reader.canGoOn(),
    status: response?.status,
    headers: response?.headers,
    body: response?.body,
  };
}

const HELLO = 'HTTP/1.1 200 OK\r\nA: b  \r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nSum: 1\r\n\r\n';

describe.each([1, 2, 7, 100_000])('in pieces of %i bytes', size => {
  test('a body of a length, and its header lines without the space behind them', () => {
    expect(read(HELLO, size)).toMatchObject({
      isComplete: true,
      canGoOn: true,
      body: 'hello',
      headers: [['A', 'b'], ['Content-Length', '5']], // prettier-ignore
    });
  });

  test('a body in chunks ends with its trailers', () => {
    expect(read(CHUNKED, size)).toMatchObject({ isComplete: true, canGoOn: true, body: 'hello' });
    expect(read(CHUNKED.slice(0, -2), size)).toMatchObject({ isComplete: false, body: 'hello' });
  });

  test('a body without either ends with the connection', () => {
    const open = 'HTTP/1.1 200 OK\r\n\r\nhello';
    expect(read(open, size)).toMatchObject({ isComplete: false, body: 'hello' });
    expect(read(open, size, { closed: true })).toMatchObject({ isComplete: true, canGoOn: false, body: 'hello' });
    expect(() => read(HELLO.slice(0, -1), size, { closed: true })).toThrow(Lost);
  });

  test('interim answers are passed over, and told', () => {
    const { described, ...answer } = read(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${HELLO}`, size);
    expect(answer).toMatchObject({ status: 200, body: 'hello' });
    expect(described).toEqual(['begin', 'interim', 'begin']);
  });

  test('what stands behind an answer ends the use of its connection', () => {
    expect(read(`${HELLO}?`, size)).toMatchObject({ isComplete: true, canGoOn: false, body: 'hello' });
  });

  test.each([
    ['HTTP/2 200\r\n\r\n', 'it does not begin with HTTP/1'],
    ['HTTP/1.1 200 OK\nA: b\r\n\r\n', 'a line does not end with CRLF'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', 'a chunk is longer than it says'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n', 'trailer "no colon"'],
    [`HTTP/1.1 100 Go\r\n\r\n`.repeat(17), 'more than 16 answers of 100'],
  ])('%j is no HTTP', (answer, why) => {
    expect(() => read(answer, size)).toThrow(`the answer is no HTTP: ${why}`);
  });
});

test.each([
  ['nothing said', '1', 200, [], false, 'until-close', false],
  ['nothing said, over HTTP/1.0', '0', 200, [], false, 'until-close', false],
  ['a length', '1', 200, [['Content-Length', '3']], false, 'length', true],
  ['a length twice', '1', 200, [['Content-Length', '3, 3']], false, 'length', true],
  [
    'a length, and a farewell',
    '1',
    200,
    [
      ['Content-Length', '3'],
      ['Connection', 'x, Close'],
    ],
    false,
    'length',
    false,
  ],
  ['a length, over HTTP/1.0', '0', 200, [['Content-Length', '3']], false, 'length', false],
  [
    'a length, kept over HTTP/1.0',
    '0',
    200,
    [
      ['Content-Length', '3'],
      ['Connection', 'keep-alive'],
    ],
    false,
    'length',
    true,
  ],
  ['chunks', '1', 200, [['Transfer-Encoding', 'gzip, Chunked']], false, 'chunked', true],
  ['chunks, over HTTP/1.0', '0', 200, [['Transfer-Encoding', 'chunked']], false, 'until-close', false],
  ['another coding', '1', 200, [['Transfer-Encoding', 'gzip']], false, 'until-close', false],
  ['204 with a length', '1', 204, [['Content-Length', '3']], false, 'none', true],
  ['304 in answer to HEAD', '1', 304, [['Content-Length', '3']], true, 'head-only', true],
] as const)('%s', (_what, minor, status, lines, isHead, kind, kept) => {
  const head = { minor, status, lines };
  const framing = framingOf(head, isHead);
  expect([framing.kind, isKept(head, framing)]).toEqual([kind, kept]);
});

test.each([
  [
    'Content-Length beside Transfer-Encoding',
    [
      ['Content-Length', '3'],
      ['Transfer-Encoding', 'chunked'],
    ],
  ],
  [
    'two different Content-Lengths',
    [
      ['Content-Length', '3'],
      ['Content-Length', '4'],
    ],
  ],
  ['Content-Length "-1"', [['Content-Length', '-1']]],
] as const)('a head that contradicts itself is no HTTP: %s', (why, lines) => {
  expect(() => framingOf({ minor: '1', status: 200, lines }, true)).toThrow(`the answer is no HTTP: ${why}`);
});
