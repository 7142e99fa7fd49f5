import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openConnection, type Connection } from '../../src/transport/connect.js';
import { targetOf } from '../../src/transport/target.js';
import { createBench, unhurried as signal, until } from './servers.js';

const bench = createBench();
const tls = { insecure: false, ca: null, cert: null, key: null };

/** A connection whose socket the server has reset, and a count of the connections it has taken. */
async function deadConnection() {
  const taken: Socket[] = [];
  const port = await bench.tcp(socket => {
    taken.push(socket);
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  const route = { target: targetOf(`http://127.0.0.1:${port}`), tls, proxy: null };
  const connection = await openConnection(route, false, signal);
  await until(() => taken.length === 1);
  taken[0]?.resetAndDestroy();
  await until(() => !connection.isUsable());
  return { connection, taken };
}

async function answerOn({ client, close }: Connection): Promise<number | string> {
  try {
    return (await client.request({ path: '/', method: 'POST' })).statusCode;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  } finally {
    await close();
  }
}

test('a socket that died before a byte of the request was out is replaced', async () => {
  const { connection, taken } = await deadConnection();
  connection.begin();
  expect(await answerOn(connection)).toBe(204);
  expect(taken).toHaveLength(2);
});

test('a socket that died under a request is not, so that nothing can go out twice', async () => {
  const { connection, taken } = await deadConnection();
  connection.begin();
  connection.wrote();
  expect(await answerOn(connection)).toBe('the connection was closed by the server');
  expect(taken).toHaveLength(1);
});

test('a new request on a connection may be replaced again', async () => {
  const { connection } = await deadConnection();
  connection.begin();
  connection.wrote();
  connection.begin();
  expect(await answerOn(connection)).toBe(204);
});

test('closing ends the socket, taken over by the client or not, and may come twice', async () => {
  let taken = 0;
  const port = await bench.tcp(socket => {
    taken++;
    socket.resume();
  });
  const route = { target: targetOf(`http://127.0.0.1:${port}`), tls, proxy: null };
  for (const isHead of [false, true]) {
    const connection = await openConnection(route, isHead, signal);
    await connection.close();
    await connection.close();
    expect(connection.isUsable()).toBe(false);
  }
  await until(() => taken === 2 && bench.openConnections() === 0);
});
