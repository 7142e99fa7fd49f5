import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReferenceApp } from '../../../src/reference/app.js';
import type { IdempotencyStore } from '../../../src/reference/idempotency-store.js';
import { createRedisStore } from '../../../src/reference/stores/redis.js';
import { hasRedis, startRedis } from '../../support/redis-server.js';

const response = { status: 201, headers: { location: '/x' }, body: '{"id":"1"}' };
const HINT = 'install redis-server (apt-get install redis-server)';
const isMissing = !hasRedis();
const isCI = process.env['CI'] === 'true';

// In CI nothing may be skipped: there the suite below fails to start instead.
if (isMissing) console.log(HINT);

describe.skipIf(isMissing && !isCI)(`Redis store${isMissing ? `: ${HINT}` : ''}`, () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let store: IdempotencyStore;
  let other: IdempotencyStore;
  let redis: Redis;

  beforeAll(async () => {
    if (isMissing) throw new Error(HINT);
    server = await startRedis();
    const options = { url: server.url, ids: randomUUID, pendingMs: 60_000 };
    [store, other] = [await createRedisStore(options), await createRedisStore(options)];
    redis = new Redis(server.url);
  });

  afterAll(async () => {
    if (isMissing) return;
    await Promise.all([store.close(), other.close(), redis.quit()]);
    await server.stop();
  });

  const token = async (key: string) => {
    const begun = await store.begin(key, 'print');
    return begun.kind === 'new' ? begun.token : `not new: ${begun.kind}`;
  };

  test('of many that begin at once, over two connections, exactly one is new', async () => {
    for (let round = 0; round < 20; round++) {
      const key = randomUUID();
      const begun = await Promise.all([store, other, store, other].map(each => each.begin(key, 'print')));
      expect(begun.map(({ kind }) => kind).toSorted()).toEqual(['in-flight', 'in-flight', 'in-flight', 'new']);
    }
  });

  test('an answer comes back as it was, with its fingerprint, for the lifetime it was given', async () => {
    const key = randomUUID();
    await store.finish(key, { token: await token(key), fingerprint: 'print', response, ttlSeconds: 90 });
    expect(await other.begin(key, 'other')).toEqual({ kind: 'done', fingerprint: 'print', response });
    expect(await redis.ttl(`idempotency:${key}`)).toBeGreaterThan(80);
    expect(await redis.exists(`idempotency:${key}:lock`)).toBe(0);
  });

  test('the lock of a request in flight expires by itself', async () => {
    const key = randomUUID();
    await token(key);
    const left = await redis.pttl(`idempotency:${key}:lock`);
    expect([left > 0, left <= 60_000]).toEqual([true, true]);
  });

  test('one whose time was up can neither finish nor free what another has taken over', async () => {
    const key = randomUUID();
    const slow = await token(key);
    await redis.del(`idempotency:${key}:lock`);
    await token(key);
    await store.abandon(key, slow);
    await store.finish(key, { token: slow, fingerprint: 'print', response, ttlSeconds: 10 });
    expect((await store.begin(key, 'print')).kind).toBe('in-flight');
  });

  test('a late one does not write over the answer of another', async () => {
    const key = randomUUID();
    const slow = await token(key);
    await redis.del(`idempotency:${key}:lock`);
    await store.finish(key, { token: await token(key), fingerprint: 'print', response, ttlSeconds: 10 });
    await store.finish(key, { token: slow, fingerprint: 'late', response, ttlSeconds: 10 });
    expect(await store.begin(key, 'print')).toMatchObject({ fingerprint: 'print' });
  });

  test('an abandoned key is free', async () => {
    const key = randomUUID();
    await store.abandon(key, await token(key));
    expect((await store.begin(key, 'print')).kind).toBe('new');
  });

  test('two apps on one store take one effect under one key', async () => {
    const clock = { nowMs: () => Date.now(), sleep: async () => undefined };
    const apps = [store, other].map(each =>
      createReferenceApp({ clock, ids: randomUUID, store: each, flaw: null, choices: {} }),
    );
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const send = async (app: (typeof apps)[number]) =>
      app.fetch(new Request('http://reference/orders', { method: 'POST', headers, body: '{"amount":1}' }));
    const answers = await Promise.all(apps.map(send));
    expect(
      answers.filter(({ status, headers: got }) => status === 201 && !got.has('idempotent-replayed')),
    ).toHaveLength(1);
    const [one, two] = await Promise.all((await Promise.all(apps.map(send))).map(answer => answer.text()));
    expect(one).toBe(two);
  });
});

test('a server that does not answer is named without its password', async () => {
  await expect(createRedisStore({ url: 'redis://:secret@127.0.0.1:1', ids: randomUUID })).rejects.toThrow(
    'No Redis answers at redis://127.0.0.1:1.',
  );
});
