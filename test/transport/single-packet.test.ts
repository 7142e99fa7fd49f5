import type { ServerHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import {
  created,
  DATA,
  END_STREAM,
  framesIn,
  gate,
  posts,
  relay,
  serveH2,
  statusesOf,
  tls,
  warmUp,
} from './h2-servers.js';
import { createBench, nobody, post, unhurried as signal, until } from './servers.js';

const bench = createBench();
const h2 = serveH2.bind(null, bench);

test('on one session all final frames are in one write', async () => {
  const { port } = await h2(gate(8));
  const { port: through, written } = await relay(bench, port);
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
    const { port: through, written } = await relay(bench, port);
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
