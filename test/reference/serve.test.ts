import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { flawNamed } from '../../src/reference/flaws/index.js';
import { startReference, type RunningReference } from '../../src/reference/serve.js';

const running: RunningReference[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function started(): Promise<string> {
  const mount = (id: string) => ({ prefix: `/flaws/${id}`, flaw: flawNamed(id) ?? null, choices: {} });
  const server = await startReference({
    mounts: [{ prefix: '/correct', flaw: null, choices: {} }, mount('head-with-body'), mount('head-other-length')],
  });
  running.push(server);
  return server.url;
}

async function created(url: string): Promise<string> {
  const response = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    body: '{"amount":1}',
  });
  expect(response.status).toBe(201);
  return new URL(response.headers.get('location') ?? '', url).href;
}

/** Everything the server puts on the wire for one request, until it closes the connection. */
function onTheWire(method: string, href: string): Promise<string> {
  const { hostname, port, pathname } = new URL(href);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${method} ${pathname} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    });
    socket.on('data', chunk => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}

function lengthIn(wire: string): string | undefined {
  return /content-length: (\d+)/i.exec(wire)?.[1];
}

const bodyOf = (wire: string) => wire.slice(wire.indexOf('\r\n\r\n') + 4);

test('apps answer under their prefixes, on a loopback port, with places that carry the prefix', async () => {
  const url = await started();
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const place = await created(`${url}/correct`);
  expect(place.startsWith(`${url}/correct/orders/`)).toBe(true);
  expect((await fetch(place)).status).toBe(200);
  expect((await fetch(place.replace('/correct', '/flaws/head-with-body'))).status).toBe(404);
});

test('the root lists what is mounted', async () => {
  const listed: unknown = await (await fetch(await started())).json();
  expect(listed).toMatchObject({ apps: expect.arrayContaining(['/correct', '/flaws/head-with-body']) });
});

test('what is mounted nowhere is 404', async () => {
  expect((await fetch(`${await started()}/correction/orders`)).status).toBe(404);
});

test('the longest prefix wins, so that an API at the root leaves the others theirs', async () => {
  const correct = { flaw: null, choices: {} };
  const mounts = [
    { ...correct, prefix: '' },
    { ...correct, prefix: '/inner' },
  ];
  const server = await startReference({ mounts });
  running.push(server);
  expect(new URL(await created(`${server.url}/inner`)).pathname).toMatch(/^\/inner\/orders\//);
  expect(new URL(await created(server.url)).pathname).toMatch(/^\/orders\//);
});

test('HEAD gives the length of GET on the wire, and no body', async () => {
  const place = await created(`${await started()}/correct`);
  const [get, head] = [await onTheWire('GET', place), await onTheWire('HEAD', place)];
  expect(lengthIn(head)).toBe(String(Buffer.byteLength(bodyOf(get))));
  expect(bodyOf(head)).toBe('');
});

test('a flaw can send a body with HEAD on the wire', async () => {
  const place = await created(`${await started()}/flaws/head-with-body`);
  const [get, head] = [await onTheWire('GET', place), await onTheWire('HEAD', place)];
  expect(bodyOf(head)).toBe(bodyOf(get));
});

test('a flaw can give HEAD another length on the wire', async () => {
  const place = await created(`${await started()}/flaws/head-other-length`);
  const [get, head] = [await onTheWire('GET', place), await onTheWire('HEAD', place)];
  expect(lengthIn(head)).toBe(String(Buffer.byteLength(bodyOf(get)) + 2));
});

test('a port that is taken is an error, not a hang', async () => {
  const { port } = new URL(await started());
  await expect(startReference({ mounts: [], port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
