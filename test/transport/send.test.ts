import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/core/http.js';
import { createBench, get, nobody, post, unhurried as signal } from './servers.js';

const bench = createBench();

/** A server that keeps the text of the one request it gets. */
async function listener(answer = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n') {
  const heard: string[] = [];
  const port = await bench.tcp(socket =>
    socket.on('data', bytes => {
      heard.push(bytes.toString('latin1'));
      socket.end(answer);
    }),
  );
  return { port, lines: () => heard.join('').split('\r\n') };
}

describe('what goes out', () => {
  test('is what the record says: order, case and repetition of header lines, and the body', async () => {
    const { port, lines } = await listener();
    const request: Request = {
      method: 'PUT',
      path: '/orders/1',
      headers: [
        ['X-B', '2'],
        ['x-a', '1'],
        ['X-B', ' edge  '],
        ['X-Empty', ''],
        ['X-Latin', 'caf\u00e9'],
        ['Content-Type', 'application/json'],
        ['content-length', '7'],
      ],
      body: '{"a":1}',
    };
    const transport = bench.transport(port, { headers: [['x-tenant', 'acme'], ['x-tenant', 'b']] }); // prettier-ignore
    const credential = { headers: [['Authorization', 'Bearer t']] as const, query: [] };
    const wire = await transport.send(request, credential, signal);
    const framing = /^(host|connection|content-length):/i;
    const [start, ...rest] = lines();
    const sent = rest.slice(0, rest.indexOf('')).filter(line => !framing.test(line));
    const recorded = wire.request.headers
      .map(([name, value]) => `${name}: ${value}`)
      .filter(line => !framing.test(line));
    expect(start).toBe('PUT /orders/1 HTTP/1.1');
    expect(sent).toEqual(recorded);
    expect(sent).toContain('X-Latin: caf\u00e9');
    expect(sent.filter(line => line.startsWith('x-tenant'))).toEqual(['x-tenant: acme', 'x-tenant: b']);
    expect(lines().at(-1)).toBe('{"a":1}');
    expect(wire.request.body).toBe('{"a":1}');
  });

  test('has defaults that the target, the credential and the request replace, in that order', async () => {
    const { port, lines } = await listener();
    const transport = bench.transport(port, { headers: [['Accept', 'a/target'], ['X-Who', 'target'], ['X-Key', 'target']] }); // prettier-ignore
    const credential = { headers: [['x-who', 'credential'], ['x-key', 'credential']] as const, query: [] }; // prettier-ignore
    await transport.send({ ...get, headers: [['X-WHO', 'request']] }, credential, signal);
    expect(lines()).toEqual(
      expect.arrayContaining([
        'user-agent: idem-check/test',
        'accept-encoding: identity',
        'cache-control: no-cache',
        'Accept: a/target',
        'x-key: credential',
        'X-WHO: request',
        'connection: close',
      ]),
    );
    expect(lines().filter(line => /^(accept|x-who|x-key):/i.test(line))).toHaveLength(3);
  });

  test.each([
    ['/base/', '/orders/1', '/base/orders/1'],
    ['/base', 'orders', '/base/orders'],
    ['', '?page=2', '/?page=2'],
    ['/base', '?page=2', '/base?page=2'],
    ['', '', '/'],
    ['/base', '/a/../b//c/./%2e%2E/%zz', '/base/a/../b//c/./%2e%2E/%zz'],
    ['', '/a b/\u00e9\u{1f600}?q=+%20"#x', '/a%20b/%C3%A9%F0%9F%98%80?q=+%20%22%23x'],
  ])('joins %j and %j to %j, and normalises nothing', async (prefix, path, expected) => {
    const { port, lines } = await listener();
    const origin = `http://127.0.0.1:${port}`;
    const wire = await bench.transport(`${origin}${prefix}`).send({ ...get, path }, nobody, signal);
    expect(lines()[0]).toBe(`GET ${expected} HTTP/1.1`);
    expect(wire.request.url).toBe(`${origin}${expected}`);
  });

  test('carries the query of a credential behind that of the request', async () => {
    const { port, lines } = await listener();
    const credential = { headers: [], query: [['api key', 'a&b=c+d']] as const };
    const wire = await bench.transport(port).send({ ...get, path: '/orders?x=a+b%20c' }, credential, signal);
    expect(lines()[0]).toBe('GET /orders?x=a+b%20c&api%20key=a%26b%3Dc%2Bd HTTP/1.1');
    expect(wire.request.url).toContain('&api%20key=a%26b%3Dc%2Bd');
  });

  test('keeps user and password of the URL out of every recorded URL', async () => {
    const { port, lines } = await listener();
    const wire = await bench.transport(`http://me:p%40ss@127.0.0.1:${port}/`).send(get, nobody, signal);
    expect(lines()).toContain(`authorization: Basic ${btoa('me:p@ss')}`);
    expect(wire.request.url).toBe(`http://127.0.0.1:${port}/orders`);
  });

  test('follows an absolute URL on the target and on no other host', async () => {
    const { port, lines } = await listener();
    const transport = bench.transport(`http://127.0.0.1:${port}/base`);
    let visits = 0;
    const elsewhere = await bench.tcp(() => visits++);
    const others = [`http://127.0.0.1:${elsewhere}/x`, `http://127.0.0.1:${port}@127.0.0.1:${elsewhere}/x`, `https://127.0.0.1:${port}/x`]; // prettier-ignore
    for (const path of others) {
      const wire = await transport.send({ ...get, path }, nobody, signal);
      expect(wire).toMatchObject({ lost: 'protocol', sentAtUs: null, lostDetail: expect.stringContaining('not sent') });
    }
    await transport.send({ ...get, path: `http://127.0.0.1:${port}/next?page=2#top` }, nobody, signal);
    expect(lines()[0]).toBe('GET /next?page=2 HTTP/1.1');
    expect(visits).toBe(0);
  });

  test.each<[string, Partial<Request>]>([
    ['a control character', { headers: [['X-Odd', 'a\u0000b']] }],
    ['a line break', { headers: [['X-Odd', 'a\r\nX-Other: b']] }],
    ['an emoji', { headers: [['Idempotency-Key', '\u{1f600}']] }],
    ['a name that is none', { headers: [['X Odd', 'a']] }],
    ['a transfer coding', { headers: [['Transfer-Encoding', 'chunked']] }],
    ['two hosts', { headers: [['Host', 'a'], ['host', 'b']] }], // prettier-ignore
    ['an expectation', { headers: [['Expect', '100-continue']] }],
    ['a wrong length', { headers: [['Content-Length', '3']] }],
    ['the length of a body that is not there', { method: 'GET', headers: [['Content-Length', '3']], body: null }],
  ])('is nothing when the request has %s', async (_what, odd) => {
    const { port, lines } = await listener();
    const wire = await bench.transport(port).send({ ...post, ...odd }, nobody, signal);
    expect(wire).toMatchObject({ lost: 'protocol', response: null, sentAtUs: null, writtenAtUs: null });
    expect(wire.lostDetail).toMatch(/^not sent: /);
    expect(lines()).toEqual(['']);
  });
});

describe('what comes back', () => {
  test('keeps header lines as they came', async () => {
    const { port } = await listener(
      'HTTP/1.1 200 OK\r\nX-Twice: a\r\nx-TWICE: b\r\nX-Latin: \u00e9\r\nContent-Length: 2\r\n\r\nok',
    );
    const wire = await bench.transport(port).send(get, nobody, signal);
    expect(wire.response?.headers.slice(0, 2)).toEqual([['X-Twice', 'a'], ['x-TWICE', 'b']]); // prettier-ignore
    expect(wire.response).toMatchObject({
      status: 200,
      body: 'ok',
      bodyEncoding: 'utf8',
      bodyBytes: 2,
      truncated: false,
    });
    expect(wire).toMatchObject({ sync: null, lost: null, lostDetail: null });
  });

  test('has its times in order', async () => {
    const { port } = await listener();
    const { sentAtUs, writtenAtUs, firstByteAtUs, endAtUs } = await bench.transport(port).send(post, nobody, signal);
    const times = [sentAtUs ?? NaN, writtenAtUs ?? NaN, firstByteAtUs ?? NaN, endAtUs];
    expect(times.every(Number.isFinite)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('follows no redirect', async () => {
    let requests = 0;
    const port = await bench.http((_request, response) => {
      requests++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await bench.transport(port).send(post, nobody, signal)).response?.status).toBe(307);
    expect(requests).toBe(1);
  });

  test.each([
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0]), 'base64', '//4A'],
    ['text that ends in half a character', Buffer.from([0x61, 0xc3]), 'base64', 'YcM='],
    ['NUL in text', Buffer.from('a\0b'), 'utf8', 'a\0b'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'utf8', '\ufeff{}'],
    ['a compressed body nobody asked for', Buffer.from([0x1f, 0x8b, 8, 0]), 'base64', 'H4sIAA=='],
  ])('keeps %s', async (_what, bytes, bodyEncoding, body) => {
    const port = await bench.http((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes),
    );
    const { response } = await bench.transport(port).send(get, nobody, signal);
    expect(response).toMatchObject({ bodyEncoding, body, bodyBytes: bytes.length, truncated: false });
  });

  test('keeps the beginning of a long body, also when the limit falls into a character', async () => {
    const port = await bench.http((_request, response) => response.end(`x${'\u00e9'.repeat(2000)}`));
    const { response } = await bench.transport(port).send(get, nobody, signal);
    expect(response).toMatchObject({ bodyEncoding: 'utf8', bodyBytes: 4001, truncated: true });
    expect(response?.body).toBe(`x${'\u00e9'.repeat(511)}`);
  });

  test('gives up a body of more than sixteen times what is kept', async () => {
    const port = await bench.http((_request, response) => response.end('x'.repeat(16 * 1024 + 1)));
    const wire = await bench.transport(port).send(get, nobody, signal);
    expect(wire).toMatchObject({ lost: 'protocol', response: null });
  });
});

describe('a URL that is none', () => {
  test.each(['ftp://127.0.0.1', 'orders', 'http://'])('is told at once: %s', url => {
    expect(() => bench.transport(url)).toThrow(/is not an http:\/\/ or https:\/\/ URL/);
  });
});
