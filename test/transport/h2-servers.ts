import { readFileSync } from 'node:fs';
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream, type Settings } from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { Wire } from '../../src/core/transport.js';
import { get, post, type createBench } from './servers.js';

const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
export const tls = { insecure: false, ca: pem('ca'), cert: null, key: null };
export const warmUp = { ...get, path: '/warm' };
export const posts = (count: number) => Array.from({ length: count }, (_, n) => ({ ...post, body: `{"n":${n}}` }));
export const statusesOf = (wires: readonly Wire[]) => wires.map(({ response }) => response?.status ?? null);

/** What a server of HTTP/2 has seen: bodies that were complete, and the connections they came on. */
interface Seen {
  readonly bodies: string[];
  readonly sockets: Set<unknown>;
  readonly methods: string[];
}

type Handle = (stream: ServerHttp2Stream, body: string) => void;

export const created: Handle = stream => stream.respond({ ':status': 201 }, { endStream: true });

type Bench = ReturnType<typeof createBench>;

/** A server that reads each request whole and then handles it; `onHead` comes before the body. */
export async function serveH2(
  bench: Bench,
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
export function gate(count: number): Handle {
  const waiting: ServerHttp2Stream[] = [];
  return stream => {
    waiting.push(stream);
    if (waiting.length === count) waiting.forEach(one => created(one, ''));
  };
}

/** A relay that notes what the client writes on each connection, chunk by chunk. */
export async function relay(bench: Bench, to: number) {
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
export function framesIn(
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

export const DATA = 0;
export const END_STREAM = 1;
