import { Client } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { createWatch } from '../../src/transport/watch.js';
import { createBench } from './servers.js';

const bench = createBench();
const watch = createWatch();

afterEach(watch.close);

test('follows the request that a dispatch makes, and none that is made after one that made nothing', async () => {
  const described: string[] = [];
  const follower = (name: string) => ({
    onSent: () => void described.push(`${name} sent`),
    onWritten: () => void described.push(`${name} written`),
  });
  const port = await bench.http((_request, response) => response.end());
  const client = new Client(`http://127.0.0.1:${port}`);
  const other = () => client.request({ path: '/', method: 'GET' }).then(({ body }) => body.dump());
  watch.follow(follower('nothing'), () => {});
  expect(() =>
    watch.follow(follower('broken'), () => {
      throw new RangeError('no request');
    }),
  ).toThrow('no request');
  await other();
  expect(described).toEqual([]);
  const requests: Promise<void>[] = [];
  watch.follow(follower('ours'), () => void requests.push(other()));
  await Promise.all(requests);
  await other();
  expect(described).toEqual(['ours sent', 'ours written']);
  await client.close();
});
