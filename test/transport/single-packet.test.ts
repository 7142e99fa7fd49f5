import { readFileSync } from 'node:fs';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream, type Settings } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Wire } from '../../src/core/transport.js';
import { createBench, get, nobody, post, unhurried as signal, until } from './servers.js';

const bench = createBench();
const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
const warmUp = { ...get, path: '/warm' };
const posts = (count: number) => Array.from({ length: count }, (_, n) => ({ ...post, body: `{"n":${n}}` }));
const statusesOf = (wires: readonly Wire[]) => wires.map(({ response }) => response?.status ?? null);

/** What a server of HTTP/2 has seen: bodies that were complete, and the connections they came on. */
interface Seen {
  readonly bodies: string[];
  readonly sockets: Set<unknown>;
  readonly methods: string[];
}

type Handle = (stream: ServerHttp2Stream, body: string) => void;

const created: Handle = stream => stream.respond({ ':status': 201 }, { endStream: true });

/** A server that reads each request whole and then handles it; `onHead` comes before the body. */
async function h2(
  handle: Handle,
  {
    settings = {},
    secure = false,
    onHead = () => false,
  }: { settings?: Settings; secure?: boolean; onHead?: (stream: ServerHttp2Stream) => boolean } = {},
): Promise<{ readonly port: number; readonly seen: Seen; readonly server: Http2Server }> {
  const seen: Seen = { bodies: [], sockets: new Set(), methods: [] };
  const key = { key: pem('server.key'), cert: pem('server') };
  const server = secure ? createSecureServer({ ...key, allowHTTP1: true, settings }) : createServer({ settings });
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    seen.methods.push(String(headers[':method']));
    if (headers[':path'] === '/warm') return stream.respond({ ':status': 200 }, { endStream: true });
    if (onHead(stream)) return undefined;
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (stream.aborted) return;
      seen.bodies.push(String(Buffer.concat(chunks)));
      seen.sockets.add(stream.session?.socket.remotePort);
      handle(stream, String(Buffer.concat(chunks)));
    });
    return undefined;
  });
  return { port: await bench.listen(server), seen, server: server as Http2Server };
}

/** Answers once so many streams wait, and never before. */
function gate(count: number): Handle {
  const waiting: ServerHttp2Stream[] = [];
  return stream => {
    waiting.push(stream);
    if (waiting.length === count) waiting.forEach(one => created(one, ''));
  };
}

/** A relay that notes what the client writes on each connection, chunk by chunk. */
async function relay(to: number) {
  const written: Buffer[][] = [];
  const port = await bench.tcp(socket => {
    const chunks: Buffer[] = [];
    written.push(chunks);
    const onward: Socket = connect(to, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('data', chunk => {
      chunks.push(chunk);
      onward.write(chunk);
    });
    onward.pipe(socket);
    socket.once('close', () => onward.destroy());
  });
  return { port, written };
}

/** The frames in bytes written by a client, its preface left out. */
function framesIn(
  bytes: Buffer,
): readonly { readonly type: number; readonly flags: number; readonly length: number }[] {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
  const frames = [];
  for (let at = bytes.toString('latin1').startsWith('PRI') ? preface : 0; at + 9 <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3);
    frames.push({ type: bytes[at + 3] ?? -1, flags: bytes[at + 4] ?? 0, length });
    at += 9 + length;
  }
  return frames;
}

const DATA = 0;
const END_STREAM = 1;

test('on one session all final frames are in one write', async () => {
  const { port } = await h2(gate(8));
  const { port: through, written } = await relay(port);
  const transport = bench.transport(through, { h2c: true, sync: 'single-packet' });
  const { released } = await transport.together(posts(8), warmUp, nobody, signal, 'single-packet', 'one');
  expect(released.map(({ response }) => response?.status)).toEqual(released.map(() => 201));
  const isFinal = ({ type, flags }: { readonly type: number; readonly flags: number }) =>
    type === DATA && (flags & END_STREAM) !== 0;
  const withEnds = written
    .flat()
    .map(chunk => framesIn(chunk).filter(isFinal).length)
    .filter(count => count > 0);
  // One more: the warm-up.
  expect(withEnds).toEqual([1, 8]);
});

describe.each([
  ['with bodies', post.body],
  ['without bodies', null],
])('the release over h2c, %s', (_what, body) => {
  test('is one write a session, with every final frame in it and nothing of a request after it', async () => {
    const { port, seen } = await h2(gate(8));
    const { port: through, written } = await relay(port);
    const transport = bench.transport(through, { h2c: true, sync: 'single-packet' });
    const requests = posts(8).map(one => ({ ...one, body: body === null ? null : one.body }));
    const { released, warmUps } = await transport.together(requests, warmUp, nobody, signal);
    expect(released.map(({ response, sync }) => [response?.status, sync])).toEqual(released.map(() => [201, 'single-packet'])); // prettier-ignore
    expect(seen.bodies.toSorted()).toEqual(requests.map(one => one.body ?? ''));
    expect(warmUps.map(({ response, sync }) => [response?.status, sync])).toEqual(warmUps.map(() => [200, null]));
    // The first connection only asked whether HTTP/2 is spoken.
    const sessions = written.filter(chunks => framesIn(Buffer.concat(chunks)).some(({ type }) => type === DATA));
    expect(sessions).toHaveLength(4);
    for (const chunks of sessions) {
      const withEnds = chunks.filter(chunk => framesIn(chunk).filter(({ type, flags }) => type === DATA && (flags & END_STREAM) !== 0).length === 2); // prettier-ignore
      expect(withEnds).toHaveLength(1);
      const finals = framesIn(withEnds[0] ?? Buffer.alloc(0));
      expect(finals.map(({ length }) => length)).toEqual(body === null ? [0, 0] : [1, 1]);
    }
  });
});

test('a body beyond the window of flow control goes ahead too', async () => {
  const { port, seen } = await h2(gate(2));
  const large = { ...post, body: `"${'x'.repeat(300_000)}"` };
  const transport = bench.transport(port, { h2c: true });
  const { released } = await transport.together([large, large], null, nobody, signal, 'single-packet');
  expect(statusesOf(released)).toEqual([201, 201]);
  expect(seen.bodies.map(body => body.length)).toEqual([300_002, 300_002]);
});

test('times are in order, and no answer began before the last write', async () => {
  const { port } = await h2(gate(4));
  const { released } = await bench
    .transport(port, { h2c: true })
    .together(posts(4), warmUp, nobody, signal, 'single-packet');
  for (const { sentAtUs, writtenAtUs, firstByteAtUs, endAtUs } of released) {
    const times = [sentAtUs ?? NaN, writtenAtUs ?? NaN, firstByteAtUs ?? NaN, endAtUs];
    expect(times.every(Number.isFinite)).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  const last = Math.max(...released.map(({ writtenAtUs }) => writtenAtUs ?? Infinity));
  expect(last).toBeLessThanOrEqual(Math.min(...released.map(({ firstByteAtUs }) => firstByteAtUs ?? 0)));
});

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
    const told: string[] = [];
    const onDropped = (sync: string, why: string) => void told.push(`${sync}: ${why}`);
    expect(await bench.transport(port, { onDropped }).ways()).toEqual(['last-byte']);
    expect(await bench.transport(port, { onDropped, h2c: true }).ways()).toEqual(['last-byte']);
    expect(told).toEqual([]);
    expect(await bench.transport(port, { onDropped, sync: 'single-packet' }).ways()).toEqual(['last-byte']);
    expect(told).toEqual(['single-packet: the target does not offer HTTP/2']);
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
    const told: string[] = [];
    const transport = bench.transport(port, { h2c: true, onDropped: (sync, why) => void told.push(`${sync}: ${why}`) });
    const { released } = await transport.together(posts(4), warmUp, nobody, signal);
    expect(released.map(({ response, early: is, writtenAtUs }) => [response?.status, is, writtenAtUs])).toEqual(
      posts(4).map(() => [413, true, null]),
    );
    expect(seen.bodies).toEqual([]);
    expect(told).toEqual(['single-packet: a request was answered with 413 before its last byte was sent']);
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

test('GOAWAY in mid-race loses what it refuses; what the server took is answered, and nothing is sent twice', async () => {
  const waiting: ServerHttp2Stream[] = [];
  const { port, seen } = await h2(stream => {
    waiting.push(stream);
    if (waiting.length < 4) return;
    // Session by session: the first says farewell and answers, the second is destroyed with its streams.
    const sessions = [...new Set(waiting.map(({ session }) => session))];
    sessions[0]?.goaway(0);
    waiting.filter(({ session }) => session === sessions[0]).forEach(one => created(one, ''));
    sessions[1]?.destroy();
  });
  const { released } = await bench
    .transport(port, { h2c: true })
    .together(posts(4), warmUp, nobody, signal, 'single-packet');
  expect(statusesOf(released).filter(status => status === 201)).toHaveLength(2);
  expect(released.filter(({ lost }) => lost === 'reset')).toHaveLength(2);
  expect(seen.bodies.toSorted()).toEqual(posts(4).map(({ body }) => body));
});

test('a session that ends after its warm-up is opened again', async () => {
  let warmed = 0;
  const { port, seen, server } = await h2(gate(4));
  server.prependListener('stream', (stream: ServerHttp2Stream, headers) => {
    if (headers[':path'] !== '/warm') return;
    warmed++;
    stream.once('close', () => stream.session?.destroy());
  });
  const transport = bench.transport(port, { h2c: true });
  const { released } = await transport.together(posts(4), warmUp, nobody, signal, 'single-packet');
  expect(statusesOf(released)).toEqual(posts(4).map(() => 201));
  expect(seen.bodies).toHaveLength(4);
  expect(warmed).toBe(2);
});

test('a race given up before its release has no effect, and says so; after it, what was seen is on record', async () => {
  const giving = new AbortController();
  let heads = 0;
  const { port, seen } = await h2(created, {
    onHead: () => {
      heads++;
      // Until the PING is answered nothing is released; the abort comes with the first header fields.
      giving.abort();
      return false;
    },
  });
  const transport = bench.transport(port, { h2c: true });
  const { released } = await transport.together(posts(4), null, nobody, giving.signal, 'single-packet');
  expect(released.map(({ lost }) => lost)).toEqual(posts(4).map(() => 'aborted'));
  const written = released.filter(({ writtenAtUs }) => writtenAtUs !== null);
  expect(seen.bodies.length).toBeLessThanOrEqual(written.length);
  expect(heads).toBeGreaterThan(0);

  const late = new AbortController();
  const silent = await h2(() => {
    if (silent.seen.bodies.length === 4) late.abort();
  });
  const second = await bench
    .transport(silent.port, { h2c: true })
    .together(posts(4), null, nobody, late.signal, 'single-packet');
  expect(second.released.map(({ lost, early }) => [lost, early])).toEqual(posts(4).map(() => ['aborted', undefined]));
  expect(second.released.every(({ writtenAtUs }) => writtenAtUs !== null)).toBe(true);
});

test('a request HTTP/2 cannot say is not sent, the others are; nothing stays open', async () => {
  const { port, seen } = await h2(created);
  const odd = [
    { ...post, headers: [['X', '\0']] as const },
    { ...post, headers: [['content-type', 'a/b'], ['content-type', 'c/d']] as const }, // prettier-ignore
    { ...post, path: 'http://other.invalid/' },
    { ...post, headers: [['X-Twice', 'a'], ['x-twice', 'b '], ['Connection', 'close']] as const }, // prettier-ignore
  ];
  const transport = bench.transport(port, { h2c: true });
  const { released } = await transport.together(odd, warmUp, nobody, signal, 'single-packet');
  expect(released.map(({ lost }) => lost)).toEqual(['protocol', 'protocol', 'protocol', null]);
  expect(released.slice(0, 3).map(({ sentAtUs, lostDetail }) => [sentAtUs, lostDetail?.slice(0, 9)])).toEqual(Array.from({ length: 3 }, () => [null, 'not sent:'])); // prettier-ignore
  expect(seen.bodies).toHaveLength(1);
  await until(() => bench.openConnections() === 0);
});

test('through a proxy the tunnel carries HTTP/2', async () => {
  const { port, seen } = await h2(gate(4), { secure: true });
  const asked: string[] = [];
  const proxy = await bench.tcp(socket => {
    socket.once('data', head => {
      asked.push(String(head).split('\r\n')[0] ?? '');
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
      socket.pipe(onward).pipe(socket);
      socket.once('close', () => onward.destroy());
    });
  });
  const transport = bench.transport(`https://localhost:${port}`, { tls, proxy: `http://127.0.0.1:${proxy}` });
  expect(await transport.ways()).toEqual(['single-packet', 'last-byte']);
  const { released } = await transport.together(posts(4), warmUp, nobody, signal);
  expect(released.map(({ response, sync }) => [response?.status, sync])).toEqual(posts(4).map(() => [201, 'single-packet'])); // prettier-ignore
  expect(seen.bodies).toHaveLength(4);
  expect(asked).toEqual(Array.from({ length: 3 }, () => `CONNECT localhost:${port} HTTP/1.1`));
});

test('a server that answers no PING is not waited for', async () => {
  const { port, seen } = await h2(gate(2));
  // A relay that loses the client's PINGs: type 6, eight bytes.
  const through = await bench.tcp(socket => {
    const onward = connect(port, '127.0.0.1').on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const at = framesIn(chunk).findIndex(({ type }) => type === 6);
      if (at < 0) return void onward.write(chunk);
      const before = framesIn(chunk).slice(0, at).reduce((sum, { length }) => sum + 9 + length, 0); // prettier-ignore
      onward.write(Buffer.concat([chunk.subarray(0, before), chunk.subarray(before + 17)]));
      return undefined;
    });
    onward.pipe(socket);
    socket.once('close', () => onward.destroy());
  });
  const transport = bench.transport(through, { h2c: true });
  const { released } = await transport.together(posts(2), warmUp, nobody, signal, 'single-packet');
  expect(statusesOf(released)).toEqual([201, 201]);
  expect(seen.bodies).toHaveLength(2);
});
