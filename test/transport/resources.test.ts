import { channel } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { createBench, get, head, nobody, post, unhurried as signal, until } from './servers.js';

const bench = createBench();
const CHANNELS = ['undici:request:create', 'undici:client:sendHeaders', 'undici:request:bodySent'];

/** Sockets and timers that keep this process alive. */
function handles(): number {
  return process.getActiveResourcesInfo().filter(name => /TCPSocketWrap|Timeout|Immediate/.test(name)).length;
}

test('many requests leave nothing behind: no socket, no timer, no listener', async () => {
  const port = await bench.http((_request, response) => response.end('ok'));
  const transport = bench.transport(port);
  const listeners = { added: 0, removed: 0 };
  const counted = new AbortController().signal;
  const { addEventListener: add, removeEventListener: remove } = counted;
  counted.addEventListener = (...args: Parameters<typeof add>) => (listeners.added++, add.apply(counted, args));
  counted.removeEventListener = (...args: Parameters<typeof remove>) => (
    listeners.removed++,
    remove.apply(counted, args)
  );
  await transport.send(post, nobody, counted);
  await until(() => bench.openConnections() === 0);
  const before = handles();
  for (let n = 0; n < 200; n++) {
    const { lost } = await transport.send(n % 2 === 0 ? post : get, nobody, counted);
    expect(lost).toBeNull();
  }
  await transport.send(head, nobody, counted);
  await transport.together([post, post, post], get, nobody, counted);
  await until(() => bench.openConnections() === 0);
  expect(handles()).toBeLessThanOrEqual(before);
  expect(listeners.added).toBeGreaterThan(200);
  expect(listeners.removed).toBe(listeners.added);
});

test('every connection is closed, also one whose exchange went wrong', async () => {
  const port = await bench.tcp(socket => void socket.once('data', () => socket.write('\0noise')));
  const transport = bench.transport(port, { timeoutMs: 100 });
  await transport.send(post, nobody, signal);
  const keeping = await bench.tcp(socket => void socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')));
  expect((await bench.transport(keeping).send(head, nobody, signal)).response?.status).toBe(200);
  const silent = await bench.tcp(socket => void socket.resume());
  await bench.transport(silent, { timeoutMs: 50 }).together([post, post], get, nobody, signal);
  await until(() => bench.openConnections() === 0);
});

test('transports and others that use undici do not see each other, and closing one leaves the rest alone', async () => {
  const port = await bench.http((_request, response) => response.end('ok'));
  const [first, second] = [bench.transport(port), bench.transport(port)];
  const wires = await Promise.all([
    first.send(post, nobody, signal),
    second.send(get, nobody, signal),
    fetch(`http://127.0.0.1:${port}/`).then(response => response.text()),
  ]);
  expect(wires.map(wire => (typeof wire === 'string' ? wire : wire.lost))).toEqual([null, null, 'ok']);
  await first.close();
  const wire = await second.send(post, nobody, signal);
  expect(wire.sentAtUs).not.toBeNull();
  expect(wire.writtenAtUs).not.toBeNull();
  await second.close();
  expect(CHANNELS.map(name => channel(name).hasSubscribers)).toEqual([false, false, false]);
});
