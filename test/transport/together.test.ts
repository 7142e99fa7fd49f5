import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createBench, get, head, nobody, post, unhurried as signal } from './servers.js';

const bench = createBench();
const warmUp = { ...get, path: '/warm' };
const eight = Array.from({ length: 8 }, (_, n) => ({ ...post, body: `{"n":${n}}` }));

test.each(['last-byte', 'barrier'] as const)(
  '%s: every request is in flight before the first is answered, each on a connection warmed up before',
  async sync => {
    const waiting: ServerResponse[] = [];
    const ports = { warm: new Set<unknown>(), released: new Set<unknown>() };
    const port = await bench.http((request, response) => {
      if (request.method === 'GET') {
        ports.warm.add(request.socket.remotePort);
        response.end('ok');
        return;
      }
      ports.released.add(request.socket.remotePort);
      request.resume().on('end', () => {
        waiting.push(response);
        // A gate: it opens when all have arrived, and never if they came one after another.
        if (waiting.length === eight.length) waiting.forEach(one => one.writeHead(201).end());
      });
    });
    const { released, warmUps } = await bench.transport(port).together(eight, warmUp, nobody, signal, sync);
    expect(released.map(({ response, sync }) => [response?.status, sync])).toEqual(eight.map(() => [201, sync]));
    expect(released.map(({ request }) => request.body)).toEqual(eight.map(({ body }) => body));
    expect(warmUps.map(({ response, sync, request }) => [response?.status, sync, request.method])).toEqual(eight.map(() => [200, null, 'GET'])); // prettier-ignore
    expect(ports.released).toEqual(ports.warm);
    expect(ports.warm.size).toBe(eight.length);
    const written = released.map(({ writtenAtUs }) => writtenAtUs ?? Infinity);
    expect(Math.max(...written)).toBeLessThanOrEqual(
      Math.min(...released.map(({ firstByteAtUs }) => firstByteAtUs ?? 0)),
    );
  },
);

test('a wide race makes Node warn of nothing', async () => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on('warning', onWarning);
  const port = await bench.http((_request, response) => response.end());
  const twenty = Array.from({ length: 20 }, () => post);
  const transport = bench.transport(port);
  await Promise.all(twenty.map(request => transport.send(request, nobody, signal)));
  const { released } = await transport.together(twenty, warmUp, nobody, signal);
  expect(released.every(({ lost }) => lost === null)).toBe(true);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('without a warm-up nothing but the requests is sent', async () => {
  const seen: string[] = [];
  const port = await bench.http((request, response) => {
    seen.push(String(request.method));
    response.end();
  });
  const { released, warmUps } = await bench.transport(port).together(eight, null, nobody, signal);
  expect(warmUps).toEqual([]);
  expect(released.every(({ lost }) => lost === null)).toBe(true);
  expect(seen).toEqual(eight.map(() => 'POST'));
});

test.each([
  ['says so', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
  ['does not', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ['answers nothing', ''],
  ['answers noise', '\0\0\0'],
])('a lane that the server ends after the warm-up is opened again before the release: it %s', async (_how, answer) => {
  const seen: string[] = [];
  const port = await bench.tcp(socket =>
    socket.on('data', bytes => {
      const [method = ''] = String(bytes).split(' ');
      seen.push(method);
      if (method === 'GET') socket.end(answer);
      else socket.end('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n');
    }),
  );
  const { released, warmUps } = await bench.transport(port).together(eight, warmUp, nobody, signal);
  expect(released.map(({ response }) => response?.status)).toEqual(eight.map(() => 201));
  expect(seen.filter(method => method === 'POST')).toHaveLength(8);
  expect(seen.filter(method => method === 'GET')).toHaveLength(8);
  expect(warmUps).toHaveLength(8);
});

test('a warm-up that gets no answer does not stop the release', async () => {
  const port = await bench.http((request, response) => {
    if (request.method !== 'GET') response.writeHead(201).end();
  });
  const transport = bench.transport(port, { warmUpTimeoutMs: 100 });
  const { released, warmUps } = await transport.together(eight, warmUp, nobody, signal);
  expect(warmUps.map(({ lost }) => lost)).toEqual(eight.map(() => 'timeout'));
  expect(released.map(({ response }) => response?.status)).toEqual(eight.map(() => 201));
});

test('a lane that cannot be opened is refused; a request that must not go out is not sent, the others are', async () => {
  const { released, warmUps } = await bench.transport(await bench.closedPort()).together(eight, warmUp, nobody, signal);
  expect(released.map(({ lost, sync }) => [lost, sync])).toEqual(eight.map(() => ['refused', 'last-byte']));
  expect(warmUps.map(({ lost, sentAtUs }) => [lost, sentAtUs])).toEqual(eight.map(() => ['refused', null]));

  let posts = 0;
  const port = await bench.http((_request, response) => {
    posts++;
    response.end();
  });
  const mixed = [post, { ...post, path: 'http://other.invalid/' }, { ...post, headers: [['X', '\0']] as const }, post];
  const second = await bench.transport(port).together(mixed, null, nobody, signal);
  expect(second.released.map(({ lost }) => lost)).toEqual([null, 'protocol', 'protocol', null]);
  expect(posts).toBe(2);

  const astray = await bench
    .transport(port)
    .together([post], { ...warmUp, path: `http://other.invalid${'/'.repeat(40)}` }, nobody, signal);
  expect(astray.warmUps.map(({ lost, sentAtUs }) => [lost, sentAtUs])).toEqual([['protocol', null]]);
  expect(astray.released.map(({ lost }) => lost)).toEqual([null]);
  expect(posts).toBe(3);
});

test('HEAD in a race keeps the bytes that should not be there', async () => {
  const port = await bench.tcp(socket =>
    socket.on('data', bytes => {
      if (String(bytes).startsWith('HEAD')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello');
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwarm');
    }),
  );
  const { released } = await bench.transport(port).together([head, head], warmUp, nobody, signal);
  expect(released.map(({ response }) => response?.body)).toEqual(['hello', 'hello']);
});

test('aborting ends every lane', async () => {
  const giving = new AbortController();
  let arrived = 0;
  const port = await bench.http(() => {
    arrived++;
    if (arrived === eight.length) giving.abort();
  });
  const { released } = await bench.transport(port).together(eight, null, nobody, giving.signal);
  expect(released.map(({ lost }) => lost)).toEqual(eight.map(() => 'aborted'));
});
