import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { describe, expect, test } from 'vitest';
import type { Cut, Request } from '../../src/core/http.js';
import { createBench, get, nobody, post, unhurried as signal, until } from './servers.js';

const bench = createBench();
const CUTS: readonly Cut[] = ['written', 'half-way', 'head'];
const OK = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok';
const FOREVER = 3_600_000;

/** A server that keeps what it hears and answers as told; `ended` once the client is gone. */
async function listener(answer: string) {
  const heard: Buffer[] = [];
  let ends = 0;
  const port = await bench.tcp(socket => {
    socket.on('data', chunk => {
      heard.push(chunk);
      if (answer !== '' && heard.length === 1) socket.write(answer);
    });
    socket.once('close', () => ends++);
  });
  return { port, text: () => Buffer.concat(heard).toString('latin1'), ended: () => until(() => ends === 1) };
}

describe('a request that is cut', () => {
  test.each(['written', 'half-way'] as const)('%s: the server has all of it, and no client any more', async cut => {
    const server = await listener('');
    const wire = await bench.transport(server.port).interrupt(post, cut, 1, nobody, signal);
    expect(wire).toMatchObject({ response: null, lost: 'aborted', lostDetail: `cut: ${cut}`, sync: null, firstByteAtUs: null }); // prettier-ignore
    expect([wire.sentAtUs, wire.writtenAtUs].every(Number.isFinite)).toBe(true);
    await server.ended();
    expect(server.text()).toMatch(/^POST \/orders HTTP\/1\.1\r\n[^]*\r\n\r\n\{"a":1\}$/);
  });

  test('written: a body larger than any buffer is out to its last byte', async () => {
    const large = { ...post, body: `"${'x'.repeat(8_000_000)}"` };
    const server = await listener('');
    const wire = await bench.transport(server.port).interrupt(large, 'written', 0, nobody, signal);
    expect(wire).toMatchObject({ lost: 'aborted', lostDetail: 'cut: written' });
    await server.ended();
    expect(server.text().split('\r\n\r\n')[1]?.length).toBe(8_000_002);
  });

  test('head: the answer has begun, and its body is never read', async () => {
    const server = await listener('HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\nabc');
    const wire = await bench.transport(server.port).interrupt(post, 'head', 0, nobody, signal);
    expect(wire).toMatchObject({ response: null, lost: 'aborted', lostDetail: 'cut: head' });
    expect(wire.firstByteAtUs).toBeGreaterThanOrEqual(wire.writtenAtUs ?? NaN);
    await server.ended();
  });

  test('head: an interim answer is not it', async () => {
    const server = await listener('HTTP/1.1 102 Processing\r\n\r\n');
    const transport = bench.transport(server.port, { timeoutMs: 100 });
    const wire = await transport.interrupt(post, 'head', 0, nobody, signal);
    expect(wire).toMatchObject({ lost: 'timeout', firstByteAtUs: null });
  });

  test.each(['half-way', 'head'] as const)('%s: an answer that was faster is an answer', async cut => {
    const server = await listener(OK);
    const wire = await bench.transport(server.port).interrupt(post, cut, FOREVER, nobody, signal);
    expect(wire).toMatchObject({ response: { status: 201, body: 'ok' }, lost: null, lostDetail: null });
    await server.ended();
  });

  test.each(CUTS)('%s: over TLS too', async cut => {
    const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
    const bodies: string[] = [];
    const port = await bench.listen(
      createServer({ key: pem('server.key'), cert: pem('server') }, (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          bodies.push(String(Buffer.concat(chunks)));
          response.writeHead(201, { 'content-length': 9 }).write('abc');
        });
      }),
    );
    const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
    const transport = bench.transport(`https://localhost:${port}`, { tls });
    const wire = await transport.interrupt(post, cut, 1, nobody, signal);
    expect(wire).toMatchObject({ lost: 'aborted', lostDetail: `cut: ${cut}` });
    await until(() => bodies.length === 1);
    expect(bodies).toEqual([post.body]);
  });

  test.each(CUTS)('%s: a target that is away is refused, and a run that ends gives it up', async cut => {
    const away = await bench.transport(await bench.closedPort()).interrupt(post, cut, 1, nobody, signal);
    expect(away).toMatchObject({ lost: 'refused', sentAtUs: null });
    const server = await listener('');
    const given = await bench.transport(server.port).interrupt(post, cut, 1, nobody, AbortSignal.abort());
    expect(given).toMatchObject({ lost: 'aborted', sentAtUs: null });
    expect(server.text()).toBe('');
  });
});

describe('a verbatim request goes out byte for byte', () => {
  const odd: Request = {
    method: 'POST',
    path: '/orders',
    headers: [
      ['Idempotency-Key', ''],
      ['idempotency-KEY', 'a'],
      ['Idempotency-Key', 'b\u0001\u00e9'],
      ['X-Emoji', '\u{1f600}'],
      ['Expect', '200-ok'],
    ],
    body: '{"\u00e9":1}',
    verbatim: true,
  };

  test('also where no client library would let it', async () => {
    const server = await listener(OK);
    const wire = await bench.transport(server.port).send(odd, nobody, signal);
    expect(wire).toMatchObject({ response: { status: 201 }, lost: null, sync: null });
    const expected = Buffer.concat([
      Buffer.from('Idempotency-Key: \r\nidempotency-KEY: a\r\n'),
      Buffer.from('Idempotency-Key: b\u0001\u00e9\r\n', 'latin1'),
      Buffer.from('X-Emoji: \u{1f600}\r\nExpect: 200-ok\r\ncontent-length: 8\r\n\r\n{"\u00e9":1}'),
    ]);
    expect(server.text()).toContain(expected.toString('latin1'));
    expect(wire.request.headers.slice(-5)).toEqual(odd.headers);
  });

  test('but for a line that would be two', async () => {
    const server = await listener(OK);
    const split = { ...odd, headers: [['X', 'a\r\nY: b']] as const };
    const wire = await bench.transport(server.port).send(split, nobody, signal);
    expect(wire).toMatchObject({ lost: 'protocol', sentAtUs: null, lostDetail: expect.stringContaining('not sent') });
    expect(server.text()).toBe('');
  });

  test('and what is not verbatim is refused on a line as elsewhere', async () => {
    const server = await listener(OK);
    const transport = bench.transport(server.port);
    for (const headers of [
      [['X', 'a\u0001']],
      [['X y', 'a']],
      [['Transfer-Encoding', 'chunked']],
      [
        ['Host', 'a'],
        ['Host', 'b'],
      ],
    ] as const) {
      // prettier-ignore
      const wire = await transport.interrupt({ ...get, headers }, 'written', 0, nobody, signal);
      expect(wire).toMatchObject({
        lost: 'protocol',
        sentAtUs: null,
        lostDetail: expect.stringMatching(/^not sent: /),
      });
    }
    expect(server.text()).toBe('');
  });
});
