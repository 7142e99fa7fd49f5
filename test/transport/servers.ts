import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import type { Request } from '../../src/core/http.js';
import type { Transport } from '../../src/core/transport.js';
import { createClock } from '../../src/transport/clock.js';
import { createTransport } from '../../src/transport/create-transport.js';
import type { TransportOptions } from '../../src/transport/wiring.js';

export const nobody = { headers: [], query: [] };
export const unhurried = new AbortController().signal;
export const post: Request = { method: 'POST', path: '/orders', headers: [['Idempotency-Key', 'k']], body: '{"a":1}' };
export const get: Request = { method: 'GET', path: '/orders', headers: [], body: null };
export const head: Request = { ...get, method: 'HEAD' };

/** Real servers and transports for the tests of one file; all end after each test. */
export function createBench() {
  const closing: (() => Promise<void>)[] = [];
  const sockets = new Set<Socket>();
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** Listens on a free loopback port and hands it back. */
  async function listen(server: Server): Promise<number> {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  return {
    listen,
    /** A server without HTTP: does with each connection what it is told. */
    tcp: (handle: (socket: Socket) => void) => listen(createServer(handle)),
    /** A server that answers the first bytes of each connection with a text, and closes. */
    raw: (answer: string | Buffer) =>
      listen(createServer(socket => void socket.once('data', () => socket.end(answer)))),
    http: (handle: (request: IncomingMessage, response: ServerResponse) => void) => listen(createHttp(handle)),
    transport(url: string | number, options: Partial<TransportOptions> = {}): Transport {
      const transport = createTransport({
        url: typeof url === 'number' ? `http://127.0.0.1:${url}` : url,
        headers: [],
        userAgent: 'idem-check/test',
        nowUs: createClock().nowUs,
        timeoutMs: 5000,
        maxBodyBytes: 1024,
        tls: { insecure: false, ca: null, cert: null, key: null },
        ...options,
      });
      closing.push(transport.close);
      return transport;
    },
    /** A loopback port nobody listens on. */
    closedPort: () =>
      new Promise<number>(resolve => {
        const server = createServer().listen(0, '127.0.0.1', () => {
          const address = server.address();
          server.close(() => resolve(address === null || typeof address === 'string' ? 1 : address.port));
        });
      }),
    /** Connections servers still hold. */
    openConnections: () => sockets.size,
  };
}

/** Resolves once a condition holds, looked at again at every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setImmediate(resolve));
}
