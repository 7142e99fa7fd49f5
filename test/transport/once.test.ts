import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Method, Request } from '../../src/core/http.js';
import type { Wire } from '../../src/core/transport.js';
import { createBench, nobody, unhurried as signal } from './servers.js';

const bench = createBench();

const METHODS = ['POST', 'PUT', 'GET', 'DELETE'] as const;

/** What a server does with every second connection. */
const DROPS = {
  'before reading': socket => socket.resetAndDestroy(),
  'after reading': socket => void socket.on('data', () => socket.destroy()),
  'with a reset after reading': socket => void socket.on('data', () => socket.resetAndDestroy()),
  'in the middle of its answer': socket =>
    void socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')),
  'with noise': socket => void socket.on('data', () => socket.end('\0\0\0\0')),
} satisfies Record<string, (socket: Socket) => void>;

function numbered(method: Method, n: number): Request {
  return { method, path: '/x', headers: [['X-N', String(n)]], body: method === 'GET' ? null : '{}' };
}

function numbersOf(wires: readonly Wire[]): readonly number[] {
  return wires
    .map(({ request }) => Number(request.headers.find(([name]) => name === 'X-N')?.[1]))
    .toSorted((a, b) => a - b);
}

/** A server that drops every second connection and keeps the numbers it has read, each time it read them. */
async function dropper(drop: (socket: Socket) => void) {
  const seen: number[] = [];
  let connections = 0;
  const port = await bench.tcp(socket => {
    const isDropped = connections++ % 2 === 1;
    socket.on('data', bytes => {
      for (const [, n] of String(bytes).matchAll(/^x-n: (\d+)/gim)) seen.push(Number(n));
      if (!isDropped) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    if (isDropped) drop(socket);
  });
  return { port, seen: () => seen.toSorted((a, b) => a - b), connections: () => connections };
}

describe.each(METHODS)('every %s on record went out once, and no other', method => {
  test.each(Object.entries(DROPS))('alone, the server dropping %s', async (when, drop) => {
    const server = await dropper(drop);
    const transport = bench.transport(server.port);
    const wires: Wire[] = [];
    for (let n = 0; n < 8; n++) wires.push(await transport.send(numbered(method, n), nobody, signal));
    const answered = wires.filter(({ lost }) => lost === null);
    const read = when === 'before reading' ? answered : wires;
    expect(server.seen()).toEqual(numbersOf(read));
    expect(numbersOf(answered)).toEqual([0, 2, 4, 6]);
    expect(wires.filter(({ lost }) => lost !== null && lost !== 'reset' && lost !== 'protocol')).toEqual([]);
    expect(server.connections()).toBe(8);
  });

  test.each(Object.entries(DROPS))('together, the server dropping %s', async (when, drop) => {
    const server = await dropper(drop);
    const requests = Array.from({ length: 8 }, (_, n) => numbered(method, n));
    const { released } = await bench.transport(server.port).together(requests, null, nobody, signal);
    expect(numbersOf(released)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(server.seen()).size).toBe(server.seen().length);
    const answered = numbersOf(released.filter(({ lost }) => lost === null));
    if (when === 'before reading') expect(server.seen()).toEqual(answered);
    else expect(server.seen()).toEqual(numbersOf(released.filter(({ sentAtUs }) => sentAtUs !== null)));
    expect(released.filter(({ lost, sentAtUs }) => lost === null && sentAtUs === null)).toEqual([]);
  });
});

test('a warm connection that dies under a released request loses it, and does not send it again', async () => {
  let connections = 0;
  const seen: string[] = [];
  const port = await bench.tcp(socket => {
    connections++;
    socket.on('data', bytes => {
      const [line = ''] = String(bytes).split('\r\n');
      seen.push(line);
      if (line.startsWith('GET')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    });
  });
  const posts = [numbered('POST', 1), numbered('POST', 2), numbered('POST', 3)];
  const { released } = await bench.transport(port).together(posts, numbered('GET', 0), nobody, signal);
  expect(released.map(({ lost }) => lost)).toEqual(['reset', 'reset', 'reset']);
  expect(seen.filter(line => line.startsWith('POST'))).toHaveLength(3);
  expect(connections).toBe(3);
});
