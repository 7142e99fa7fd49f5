import type { ServerHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { created, gate, posts, serveH2, statusesOf, tls, warmUp } from './h2-servers.js';
import { createBench, nobody, post, unhurried as signal } from './servers.js';

const bench = createBench();
const h2 = serveH2.bind(null, bench);

describe('which ways work', () => {
  test('HTTP/2 by ALPN, and HTTP/1.1 beside it', async () => {
    const { port, seen } = await h2(created, { secure: true });
    const transport = bench.transport(`https://localhost:${port}`, { tls });
    expect(await transport.ways()).toEqual(['single-packet', 'last-byte']);
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ response, sync }) => [response?.status, sync])).toEqual(posts(4).map(() => [201, 'single-packet'])); // prettier-ignore
    expect(seen.sockets.size).toBe(2);
    const chosen = bench.transport(`https://localhost:${port}`, { tls, sync: 'single-packet' });
    expect(await chosen.ways()).toEqual(['single-packet']);
  });

  test('HTTP/1.1 alone; who asks for more is told', async () => {
    const port = await bench.http((_request, response) => response.end());
    const described: string[] = [];
    const onDropped = (sync: string, why: string) => void described.push(`${sync}: ${why}`);
    expect(await bench.transport(port, { onDropped }).ways()).toEqual(['last-byte']);
    expect(await bench.transport(port, { onDropped, h2c: true }).ways()).toEqual(['last-byte']);
    expect(described).toEqual([]);
    expect(await bench.transport(port, { onDropped, sync: 'single-packet' }).ways()).toEqual(['last-byte']);
    expect(described).toEqual(['single-packet: the target does not offer HTTP/2']);
    expect(await bench.transport(port, { sync: 'barrier' }).ways()).toEqual(['barrier']);
  });

  test('a target that is away is asked again', async () => {
    const { port } = await h2(created, { secure: true });
    const asked: Socket[] = [];
    const through = await bench.tcp(socket => {
      asked.push(socket);
      if (asked.length === 1) return socket.destroy();
      socket.pipe(connect(port, '127.0.0.1').on('error', () => {})).pipe(socket);
      return undefined;
    });
    const transport = bench.transport(`https://localhost:${through}`, { tls });
    expect(await transport.ways()).toEqual(['last-byte']);
    expect(await transport.ways()).toEqual(['single-packet', 'last-byte']);
    await transport.ways();
    expect(asked).toHaveLength(2);
  });

  test('a request that must go out byte for byte is not left to HTTP/2', async () => {
    const { port } = await h2(created);
    const transport = bench.transport(port, { h2c: true, timeoutMs: 200 });
    const { released } = await transport.together([{ ...post, verbatim: true }], null, nobody, signal, 'single-packet');
    expect(released.map(({ sync }) => sync)).toEqual(['last-byte']);
  });

  test('nor to a way that was dropped', async () => {
    const { port, server } = await h2(created, { secure: true });
    // Over HTTP/1.1 it answers as soon as it has the head.
    server.on('request', ({ httpVersionMajor }, response) => {
      if (httpVersionMajor === 1) response.end();
    });
    const transport = bench.transport(`https://localhost:${port}`, { tls });
    await transport.together(posts(2), null, nobody, signal, 'last-byte');
    expect(await transport.ways()).toEqual(['single-packet', 'barrier']);
    const { released } = await transport.together([{ ...post, verbatim: true }], null, nobody, signal, 'single-packet');
    expect(released.map(({ sync, response }) => [sync, response?.status])).toEqual([['barrier', 200]]);
  });
});

describe('a server that bears', () => {
  test('eight streams a connection gets more connections', async () => {
    const { port, seen } = await h2(gate(20), { settings: { maxConcurrentStreams: 8 } });
    const transport = bench.transport(port, { h2c: true });
    const { released } = await transport.together(posts(20), warmUp, nobody, signal, 'single-packet');
    expect(statusesOf(released)).toEqual(posts(20).map(() => 201));
    expect(seen.sockets.size).toBe(4);
  });

  test('fewer than that in all gets as many as it bears, and the rest is told as not sent', async () => {
    const { port, seen } = await h2(gate(8), { settings: { maxConcurrentStreams: 2 } });
    const transport = bench.transport(port, { h2c: true });
    const { released } = await transport.together(posts(10), warmUp, nobody, signal, 'single-packet');
    expect(statusesOf(released)).toEqual([...posts(8).map(() => 201), null, null]);
    expect(released.slice(8).map(({ lost, sentAtUs, lostDetail }) => [lost, sentAtUs, lostDetail])).toEqual(
      Array.from({ length: 2 }, () => ['refused', null, 'not sent: the server bears 2 streams a connection']),
    );
    expect(seen.bodies).toHaveLength(8);
  });

  test('nothing of a session is refused', async () => {
    const transport = bench.transport(await bench.closedPort(), { h2c: true });
    const { released, warmUps } = await transport.together(posts(4), warmUp, nobody, signal, 'single-packet');
    expect(released.map(({ lost, sentAtUs }) => [lost, sentAtUs])).toEqual(posts(4).map(() => ['refused', null]));
    expect(warmUps).toEqual([]);
  });
});

describe('an answer before the release', () => {
  const early = (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 413 }, { endStream: true });
    return true;
  };

  test('is told, its last byte is withheld, and the way is not used again', async () => {
    const { port, seen } = await h2(created, { onHead: early });
    const described: string[] = [];
    const transport = bench.transport(port, {
      h2c: true,
      onDropped: (sync, why) => void described.push(`${sync}: ${why}`),
    });
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ response, early: is, writtenAtUs }) => [response?.status, is, writtenAtUs])).toEqual(
      posts(4).map(() => [413, true, null]),
    );
    expect(seen.bodies).toEqual([]);
    expect(described).toEqual(['single-packet: a request was answered with 413 before its last byte was sent']);
    expect(await transport.ways()).toEqual(['last-byte', 'barrier']);
  });

  test('of a server that is only busy costs no way', async () => {
    const busy = (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 429 }, { endStream: true });
      return true;
    };
    const { port } = await h2(created, { onHead: busy });
    const transport = bench.transport(port, { h2c: true });
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ early: is }) => is)).toEqual(posts(4).map(() => true));
    expect(await transport.ways()).toEqual(['single-packet', 'last-byte']);
  });

  test('that refuses a stream is a lost one', async () => {
    const refuse = (stream: ServerHttp2Stream) => {
      stream.close(7);
      return true;
    };
    const { port } = await h2(created, { onHead: refuse });
    const { released } = await bench
      .transport(port, { h2c: true })
      .together(posts(2), null, nobody, signal, 'single-packet');
    expect(released.map(({ lost, early: is }) => [lost, is])).toEqual(posts(2).map(() => ['reset', true]));
    expect(released[0]?.lostDetail).toContain('REFUSED_STREAM');
  });
});
