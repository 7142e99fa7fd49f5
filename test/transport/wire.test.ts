import { createServer, type Server } from 'node:net';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Request } from '../../src/core/http.js';
import type { Transport } from '../../src/core/transport.js';
import { createClock } from '../../src/transport/clock.js';
import { createTransport } from '../../src/transport/create-transport.js';

const nobody = { headers: [], query: [] };
const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function transportTo(port: number, timeoutMs = 2000): Transport {
  const transport = createTransport({
    url: `http://127.0.0.1:${port}/base/`,
    headers: [['x-tenant', 'acme']],
    userAgent: 'idem-check/test',
    nowUs: createClock().nowUs,
    timeoutMs,
    maxBodyBytes: 1024,
    tls: { insecure: false, ca: null, cert: null, key: null },
  });
  open.push(transport.close);
  return transport;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise(resolve => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A raw server that answers each connection's first bytes with a text, or does what the handler says. */
function raw(answer: string): Promise<number> {
  return listen(
    createServer(socket => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(answer));
    }),
  );
}

function http(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  return listen(createHttp(handle));
}

const post: Request = { method: 'POST', path: '/orders', headers: [['Idempotency-Key', 'k']], body: '{"a":1}' };
const signal = new AbortController().signal;

describe('send', () => {
  test('keeps what goes out and what comes back, in order of time', async () => {
    const seen: string[] = [];
    const port = await http((request, response) => {
      seen.push(...request.rawHeaders);
      response.writeHead(
        201,
        [
          ['X-Twice', 'a'],
          ['X-Twice', 'b'],
        ].flat(),
      );
      response.end('{"id":7}');
    });
    const wire = await transportTo(port).send(
      post,
      { headers: [['Authorization', 'Bearer t']], query: [['key', 'q']] },
      signal,
    );
    expect(wire.request.url).toBe(`http://127.0.0.1:${port}/base/orders?key=q`);
    expect(wire.request.headers).toContainEqual(['x-tenant', 'acme']);
    expect(seen.join(' ')).toContain('Idempotency-Key k');
    expect(seen.join(' ')).toContain('Authorization Bearer t');
    expect(wire.response).toMatchObject({ status: 201, body: '{"id":7}', bodyBytes: 8, truncated: false });
    expect(wire.response?.headers.filter(([name]) => name === 'X-Twice').map(([, value]) => value)).toEqual(['a', 'b']);
    const { sentAtUs, writtenAtUs, firstByteAtUs, endAtUs } = wire;
    const times = [sentAtUs, writtenAtUs, firstByteAtUs, endAtUs];
    expect(times.every(time => time !== null)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)));
  });

  test('follows no redirect', async () => {
    let requests = 0;
    const port = await http((_request, response) => {
      requests++;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const wire = await transportTo(port).send(post, nobody, signal);
    expect(wire.response?.status).toBe(307);
    expect(requests).toBe(1);
  });

  test.each([
    ['garbage', 'SSH-2.0-OpenSSH_9\r\n\r\n', 'protocol'],
    ['nothing', '', 'reset'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', 'reset'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n', 'protocol'],
    ['a body without end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(40_000)}`, 'protocol'],
  ] as const)('tells %s as data', async (_name, answer, lost) => {
    const wire = await transportTo(await raw(answer)).send(post, nobody, signal);
    expect(wire).toMatchObject({ response: null, lost });
  });

  test('tells a refused connection, a hanging server and an abort apart', async () => {
    const hanging = await listen(createServer(socket => void socket.on('error', () => {}).resume()));
    const silent = transportTo(hanging, 100);
    expect(await silent.send(post, nobody, signal)).toMatchObject({ lost: 'timeout' });
    expect(await silent.send(post, nobody, AbortSignal.abort())).toMatchObject({ lost: 'aborted' });
    expect(await transportTo(1).send(post, nobody, signal)).toMatchObject({ lost: 'refused', sentAtUs: null });
  });

  test('keeps bytes that are no text, and cuts a long body', async () => {
    const port = await http((request, response) => {
      response.end(request.url?.includes('binary') === true ? Buffer.from([0xff, 0xfe, 0]) : 'y'.repeat(3000));
    });
    const transport = transportTo(port);
    const binary = await transport.send({ ...post, path: '/binary' }, nobody, signal);
    expect(binary.response).toMatchObject({ bodyEncoding: 'base64', body: '//4A', bodyBytes: 3 });
    const long = await transport.send(post, nobody, signal);
    expect(long.response).toMatchObject({ bodyBytes: 3000, truncated: true });
    expect(long.response?.body).toHaveLength(1024);
  });

  test('sees a body sent in answer to HEAD', async () => {
    const head: Request = { method: 'HEAD', path: '/orders', headers: [], body: null };
    const wrong = await raw('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
    expect((await transportTo(wrong).send(head, nobody, signal)).response).toMatchObject({ status: 200, bodyBytes: 5 });
    const right = await raw('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
    expect((await transportTo(right).send(head, nobody, signal)).response).toMatchObject({ status: 200, bodyBytes: 0 });
  });

  test('sends nothing that cannot be said in HTTP', async () => {
    const port = await http((_request, response) => response.end());
    const wire = await transportTo(port).send({ ...post, headers: [['X-Odd', 'a\u0000b']] }, nobody, signal);
    expect(wire).toMatchObject({ lost: 'protocol', sentAtUs: null });
  });
});

describe('the record equals what the server saw', () => {
  test.each(['POST', 'PUT', 'GET', 'DELETE'] as const)('%s, every second connection dropped', async method => {
    const seen: string[] = [];
    let connections = 0;
    const port = await listen(
      createServer(socket => {
        const isDropped = connections++ % 2 === 1;
        socket.on('error', () => {});
        socket.on('data', bytes => {
          const text = String(bytes);
          seen.push(...(text.match(/x-n: (\d+)/i)?.slice(1) ?? []));
          if (isDropped) socket.destroy();
          else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        });
      }),
    );
    const transport = transportTo(port);
    const numbered = (n: number): Request => ({
      method,
      path: '/x',
      headers: [['X-N', String(n)]],
      body: method === 'GET' ? null : '{}',
    });
    const alone = [];
    for (let n = 0; n < 10; n++) alone.push(await transport.send(numbered(n), nobody, signal));
    const { released } = await transport.together(
      Array.from({ length: 10 }, (_, at) => numbered(10 + at)),
      null,
      nobody,
      signal,
    );
    const recorded = [...alone, ...released];
    const written = recorded
      .filter(wire => wire.sentAtUs !== null)
      .map(wire => Number(wire.request.headers.at(-1)?.[1]));
    expect(seen.map(Number).toSorted((a, b) => a - b)).toEqual(written.toSorted((a, b) => a - b));
    expect(recorded.filter(({ lost }) => lost !== null)).toHaveLength(10);
  });
});

describe('together', () => {
  test('has every request in flight before the first is answered, on connections warmed up before', async () => {
    const waiting: ServerResponse[] = [];
    let warmed = 0;
    const port = await http((request, response) => {
      if (request.method === 'GET') {
        warmed++;
        response.end('ok');
        return;
      }
      waiting.push(response);
      if (waiting.length === 8) waiting.forEach(one => one.writeHead(201).end());
    });
    const warmUp: Request = { method: 'GET', path: '/warm', headers: [], body: null };
    const { released, warmUps } = await transportTo(port).together(
      Array.from({ length: 8 }, () => post),
      warmUp,
      nobody,
      signal,
    );
    expect(warmed).toBe(8);
    expect(warmUps).toHaveLength(8);
    expect(released.map(({ response, sync }) => [response?.status, sync])).toEqual(
      Array.from({ length: 8 }, () => [201, 'barrier']),
    );
    const written = released.map(({ writtenAtUs }) => Number(writtenAtUs));
    const answered = released.map(({ firstByteAtUs }) => Number(firstByteAtUs));
    expect(Math.max(...written)).toBeLessThanOrEqual(Math.min(...answered));
  });

  test('opens a lane again whose connection ended after the warm-up', async () => {
    let posts = 0;
    const port = await http((request, response) => {
      if (request.method === 'POST') posts++;
      response.setHeader('connection', 'close');
      response.end();
    });
    const warmUp: Request = { method: 'GET', path: '/warm', headers: [], body: null };
    const { released } = await transportTo(port).together([post, post, post], warmUp, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200, 200]);
    expect(posts).toBe(3);
  });
});
