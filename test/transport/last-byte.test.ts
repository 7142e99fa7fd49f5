import { readFileSync } from 'node:fs';
import { createServer as createTcp, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/core/http.js';
import { createBench, get, nobody, post, unhurried as signal, until } from './servers.js';

const bench = createBench();
const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
const warmUp = { ...get, path: '/warm' };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const posts = (count: number) => Array.from({ length: count }, (_, n) => ({ ...post, body: `{"n":${n}}` }));

/** What came on one connection after the warm-up. */
interface Heard {
  readonly chunks: Buffer[];
  readonly socket: Socket;
  isWhole: boolean;
}

/** Whether a whole request stands in these bytes. */
function isWhole(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return end >= 0 && bytes.length >= end + 4 + length;
}

const bytesOf = ({ chunks }: Heard) => Buffer.concat(chunks);

/** Answers warm-ups, and notes what comes of the race, in the order it came; `onChunk` does the rest. */
async function listener(onChunk: (one: Heard, all: readonly Heard[]) => void, warm = OK) {
  const heard: Heard[] = [];
  const order: { readonly one: Heard; readonly size: number; readonly whole: boolean }[] = [];
  let connections = 0;
  const port = await bench.tcp(socket => {
    connections++;
    let one: Heard | null = null;
    socket.on('data', chunk => {
      if (one === null && String(chunk).includes(' /warm ')) return socket.write(warm);
      if (one === null) heard.push((one = { chunks: [], socket, isWhole: false }));
      one.chunks.push(chunk);
      one.isWhole = isWhole(bytesOf(one));
      order.push({ one, size: chunk.length, whole: one.isWhole });
      onChunk(one, heard);
      return undefined;
    });
  });
  return { port, heard, order, connections: () => connections };
}

/** Answers all once so many requests are whole. */
function gate(count: number, answer = OK) {
  return (_one: Heard, all: readonly Heard[]) => {
    const whole = all.filter(one => one.isWhole);
    if (whole.length === count) whole.forEach(({ socket }) => socket.write(answer));
  };
}

const SHAPES: readonly (readonly [string, Partial<Request>])[] = [
  ['a body', {}],
  ['a body of one byte', { body: '1' }],
  ['an empty body', { body: '' }],
  ['no body', { body: null }],
  ['a DELETE', { method: 'DELETE', body: null }],
  ['a large body', { body: `"${'x'.repeat(200_000)}"` }],
];

describe('the release, as the server sees it', () => {
  test.each(SHAPES)(
    '%s: everything but one byte of every request comes first, then the last bytes',
    async (_what, shape) => {
      const server = await listener(gate(8));
      const requests = posts(8).map(one => ({ ...one, ...shape }));
      const { released, warmUps } = await bench.transport(server.port).together(requests, warmUp, nobody, signal);
      expect(released.map(({ response, sync, early }) => [response?.status, sync, early])).toEqual(requests.map(() => [200, 'last-byte', undefined])); // prettier-ignore
      expect(warmUps).toHaveLength(8);
      const finals = server.order.slice(-8);
      expect(finals.map(({ size, whole }) => [size, whole])).toEqual(requests.map(() => [1, true]));
      expect(server.order.slice(0, -8).filter(({ whole }) => whole)).toEqual([]);
      expect(server.heard.map(one => bytesOf(one).toString('latin1').split('\r\n\r\n')[1])).toEqual(
        expect.arrayContaining(requests.map(({ body }) => body ?? '')),
      );
      expect(server.connections()).toBe(8);
    },
  );

  test('over TLS the last byte has a record of its own', async () => {
    const records: number[][] = [];
    const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
    const waiting: Socket[] = [];
    const origin = await bench.listen(
      createTls({ key: pem('server.key'), cert: pem('server') }, socket => {
        const sizes: number[] = [];
        const chunks: Buffer[] = [];
        records.push(sizes);
        socket.on('error', () => {});
        socket.on('data', (chunk: Buffer) => {
          sizes.push(chunk.length);
          chunks.push(chunk);
          if (!isWhole(Buffer.concat(chunks))) return;
          waiting.push(socket);
          if (waiting.length === 4) waiting.forEach(one => one.write(OK));
        });
      }),
    );
    const transport = bench.transport(`https://localhost:${origin}`, { tls });
    expect(await transport.ways()).toEqual(['last-byte']);
    const { released } = await transport.together(posts(4), null, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200, 200, 200]);
    const raced = records.filter(sizes => sizes.length > 0);
    expect(raced.map(sizes => sizes.at(-1))).toEqual([1, 1, 1, 1]);
  });

  test('times: a prefix goes out before the release, all last bytes before the first answer', async () => {
    const server = await listener(gate(4));
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, signal);
    const [firstWritten, lastWritten] = [Math.min, Math.max].map(of =>
      of(...released.map(one => one.writtenAtUs ?? NaN)),
    );
    for (const { sentAtUs } of released) expect(sentAtUs).toBeLessThan(firstWritten ?? NaN);
    for (const { firstByteAtUs } of released) expect(lastWritten).toBeLessThanOrEqual(firstByteAtUs ?? NaN);
  });

  test('through a proxy that relays, the request line is absolute', async () => {
    const server = await listener(gate(2));
    const proxy = `http://me:pw@127.0.0.1:${server.port}`;
    const { released } = await bench
      .transport('http://api.invalid/base', { proxy })
      .together(posts(2), null, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200]);
    for (const one of server.heard) {
      expect(String(bytesOf(one))).toMatch(
        /^POST http:\/\/api\.invalid\/base\/orders HTTP\/1\.1\r\nhost: api\.invalid\r\n/,
      );
      expect(String(bytesOf(one))).toContain('proxy-authorization: Basic');
    }
    expect(JSON.stringify(released)).not.toContain('proxy-authorization');
  });
});

describe('an answer before the release', () => {
  test.each([
    ['401', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n', false],
    ['413, and the end', 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', true],
    ['431', 'HTTP/1.1 431 Too Large\r\nContent-Length: 0\r\n\r\n', false],
    ['408 to a slow sender', 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', true],
    ['400 for half a request', 'HTTP/1.0 400 Bad Request\r\n\r\nwhat?', true],
  ])('%s is told, the last byte is withheld, and whole requests take its place', async (status, answer, ends) => {
    const server = await listener(one => {
      if (one.chunks.length > 1) return;
      if (ends) one.socket.end(answer);
      else one.socket.write(answer);
    });
    const described: string[] = [];
    const transport = bench.transport(server.port, {
      onDropped: (sync, why) => void described.push(`${sync}: ${why}`),
    });
    expect(await transport.ways()).toEqual(['last-byte']);
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(
      released.map(({ response, early, writtenAtUs, sync }) => [response?.status, early, writtenAtUs, sync]),
    ).toEqual(posts(4).map(() => [Number(status.slice(0, 3)), true, null, 'last-byte']));
    expect(server.heard.filter(one => one.isWhole)).toEqual([]);
    expect(described).toEqual([
      `last-byte: a request was answered with ${status.slice(0, 3)} before its last byte was sent`,
    ]);
    expect(await transport.ways()).toEqual(['barrier']);
    const second = await transport.together(posts(2), warmUp, nobody, signal, 'last-byte');
    expect(second.released.map(({ sync, early }) => [sync, early])).toEqual(posts(2).map(() => ['barrier', undefined]));
    expect(described).toHaveLength(1);
  });

  test('an end without an answer is early too, and nothing is sent again', async () => {
    const server = await listener(one => one.socket.destroy());
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ lost, early, writtenAtUs }) => [lost, early, writtenAtUs])).toEqual(posts(4).map(() => ['reset', true, null])); // prettier-ignore
    expect(server.heard).toHaveLength(4);
    expect(server.connections()).toBe(4);
  });

  test('one lane is enough to tell; the others are released all the same', async () => {
    const server = await listener((one, all) => {
      if (one === all[0] && one.chunks.length === 1) one.socket.write(OK);
      else gate(3)(one, all);
    });
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, signal);
    expect(released.filter(({ early }) => early === true)).toHaveLength(1);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200, 200, 200]);
    expect(server.heard.filter(one => one.isWhole)).toHaveLength(3);
  });

  test('an interim answer is none', async () => {
    const server = await listener((one, all) => {
      if (one.chunks.length === 1) one.socket.write('HTTP/1.1 102 Processing\r\n\r\n');
      gate(4)(one, all);
    });
    const transport = bench.transport(server.port);
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ response, early }) => [response?.status, early])).toEqual(posts(4).map(() => [200, undefined])); // prettier-ignore
    expect(await transport.ways()).toEqual(['last-byte']);
  });
});

describe('a server that', () => {
  test('ends in the middle of the race: each request went out once, and is told', async () => {
    const server = await listener((_one, all) => {
      const whole = all.filter(each => each.isWhole);
      if (whole.length === 8) whole.forEach(({ socket }, at) => (at % 2 === 0 ? socket.write(OK) : socket.destroy()));
    });
    const { released } = await bench.transport(server.port).together(posts(8), warmUp, nobody, signal);
    expect(released.filter(({ response }) => response?.status === 200)).toHaveLength(4);
    expect(released.filter(({ lost, early }) => lost === 'reset' && early === undefined)).toHaveLength(4);
    expect(server.heard).toHaveLength(8);
    expect(server.connections()).toBe(8);
  });

  test.each([
    ['ends keep-alive with the warm-up', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
  ])('%s gets new connections, before anything of the race is out', async (_what, warm) => {
    const server = await listener(gate(4, 'HTTP/1.0 201 Created\r\nContent-Length: 0\r\n\r\n'), warm);
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([201, 201, 201, 201]);
    expect(server.connections()).toBe(8);
    expect(server.heard).toHaveLength(4);
  });

  test('speaks while nobody asked: the connection is not trusted with a request', async () => {
    const server = await listener(gate(2), `${OK}HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n`);
    const { released } = await bench.transport(server.port).together(posts(2), warmUp, nobody, signal);
    expect(released.map(({ response }) => response?.status)).toEqual([200, 200]);
    expect(server.connections()).toBe(4);
  });

  test('bears four connections: four are released and answered, the rest is told as lost', async () => {
    const whole = new Set<Socket>();
    const server = createTcp(socket => {
      const chunks: Buffer[] = [];
      socket.on('error', () => {});
      socket.on('data', chunk => {
        chunks.push(chunk);
        if (!isWhole(Buffer.concat(chunks))) return;
        whole.add(socket);
        if (whole.size === 4) whole.forEach(one => one.write(OK));
      });
    });
    server.maxConnections = 4;
    const port = await bench.listen(server);
    const { released } = await bench.transport(port).together(posts(10), null, nobody, signal);
    expect(released.filter(({ response }) => response?.status === 200)).toHaveLength(4);
    const others = released.filter(({ response }) => response === null);
    expect(others).toHaveLength(6);
    // The kernel takes a connection that the server then drops; nobody can tell when that is seen here.
    expect(others.map(({ lost }) => lost)).toEqual(others.map(() => 'reset'));
  });
});

describe('a race given up', () => {
  test('before its release has no effect', async () => {
    const giving = new AbortController();
    const server = await listener((_one, all) => all.length === 4 && giving.abort());
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, giving.signal);
    expect(released.map(({ lost, writtenAtUs, early }) => [lost, writtenAtUs, early])).toEqual(
      posts(4).map(() => ['aborted', null, undefined]),
    );
    await until(() => bench.openConnections() === 0);
    expect(server.heard.filter(one => one.isWhole)).toEqual([]);
  });

  test('after its release is on record as sent', async () => {
    const giving = new AbortController();
    const server = await listener((_one, all) => {
      if (all.filter(one => one.isWhole).length === 4) giving.abort();
    });
    const { released } = await bench.transport(server.port).together(posts(4), warmUp, nobody, giving.signal);
    expect(released.map(({ lost, writtenAtUs }) => [lost, writtenAtUs === null])).toEqual(posts(4).map(() => ['aborted', false])); // prettier-ignore
    expect(server.heard).toHaveLength(4);
  });
});
