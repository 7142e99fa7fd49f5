import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { start as startHost } from '../../fixtures/real-servers/node-idempotency.js';
import { MissingComponentError, type RunningServer } from '../../fixtures/real-servers/process.js';
import { inFolder, written } from '../support/folder.js';
import { onRedis, type Api } from '../support/on-redis.js';
import { hasRedis, REDIS_HINT, startRedis } from '../support/redis-server.js';
import { runReport } from '../support/run-cli.js';

const isMissing = !hasRedis();
// In CI nothing may be skipped: there the suite below fails to start instead.
if (isMissing) console.log(REDIS_HINT);

describe.skipIf(isMissing && process.env['CI'] !== 'true')('keys in a real Redis', { timeout: 120_000 }, () => {
  test('24 h: the store says so at once, of the key under way and of the answer', async () => {
    await onRedis(async ({ run }) => {
      const [base, store] = await run();
      expect(base).toMatchObject({ verdict: 'inconclusive', reason: expect.any(String) });
      expect(store).toMatchObject({ verdict: 'pass', oracleKind: 'store' });
      expect(store?.notes[0]).toMatch(/^The store keeps the key for (24|23\.9) h\.$/);
      expect(store?.notes[1]).toMatch(/^While its request was under way it was to be kept for (59|60) s\.$/);
    });
  });

  test.each([
    [
      'key-kept-for-ever',
      'kept-for-ever',
      /keeps an entry of the key without an end \(idempotency: POST \/orders [-\w]+\)/,
    ],
    ['pending-key-kept-for-ever', 'pending-for-ever', /no end in the store \(idempotency: POST \/orders [-\w]+:lock\)/],
    ['key-short-in-store', 'short-in-store', /keeps the key for (59|60) min more; promised 24 h/],
  ])('%s is seen in the store', async (flawId, code, message) => {
    await onRedis(
      async ({ run }) => {
        const [, store] = await run(['--max-wait', '1s']);
        expect(store).toMatchObject({ verdict: 'warn', findings: [{ code }] });
        expect(store?.message).toMatch(message);
      },
      { flawId },
    );
  });

  test('3 s: gone by itself, seen from outside and from inside', async () => {
    await onRedis(
      async ({ run }) => {
        const [base, store] = await run();
        expect(base).toMatchObject({ verdict: 'fail', findings: [{ code: 'expired-early' }] });
        expect(store).toMatchObject({ verdict: 'warn', findings: [{ code: 'short-in-store' }] });
      },
      { choices: { ttlSeconds: 3 } },
    );
  });

  test('40 s, by a clock that Redis does not follow: nothing passes', async () => {
    const hooks = 'hooks: { clock: { request: "POST /admin/clock?seconds={{seconds}}" } }\n';
    await onRedis(
      async ({ run }) => {
        const [base] = await run();
        expect(base).toMatchObject({ verdict: 'inconclusive', reason: 'control-failed' });
        expect(base?.message).toContain('nothing shows that the store follows it');
      },
      { choices: { ttlSeconds: 40 }, more: hooks },
    );
  });

  test.each([
    ['24 h', {}, 'warn', 'kept-for-ever'],
    ['for ever', { ttlSeconds: Infinity }, 'pass', undefined],
  ])('never ends, where %s is promised', async (_, declared, verdict, code) => {
    await onRedis(
      async ({ run }) => {
        const [, store] = await run(['--max-wait', '1s']);
        expect([store?.verdict, store?.findings[0]?.code]).toEqual([verdict, code]);
        expect(store?.notes.join(' ')).toContain(verdict === 'pass' ? 'keeps the key for ever' : '');
      },
      { choices: { ttlSeconds: Infinity }, declared },
    );
  });

  const restart = ({ server }: Api): Promise<void> => server.restart();
  test.each([
    ['kept', async (): Promise<void> => {}, false, 'pass'],
    ['flushed', async ({ redis }: Api): Promise<void> => void (await redis.flushall()), false, 'fail'],
    ['evicted', async ({ redis }: Api): Promise<void> => evictAll(redis), false, 'fail'],
    ['restarted, and was in memory alone', restart, false, 'fail'],
    ['restarted, and was written to disk', restart, true, 'pass'],
  ] as const)('planted keys whose store was %s', async (_, happens, persists, verdict) => {
    await onRedis(
      async api => {
        expect((await api.ttl('plant', ['--at', '20h', '--keys', '2'])).code).toBe(0);
        await happens(api);
        api.age(22);
        const { code, result } = await api.ttl('verify');
        expect([result?.verdict, code]).toEqual([verdict, verdict === 'fail' ? 1 : 0]);
        if (verdict === 'fail') expect(result?.message).toMatch(/^Held at 0 s, gone at 22 h: lives \[0 s, 22 h\), /);
      },
      { persists },
    );
  });

  test('a store that lets nobody in leaves the case open', async () => {
    await onRedis(async ({ run, redis }) => {
      await redis.config('SET', 'requirepass', 'secret');
      const [, store] = await run(['--max-wait', '1s']);
      expect(store).toMatchObject({ verdict: 'inconclusive' });
      expect(store?.reason).toBe('setup-store');
    });
  });
});

test('the keys of a real library in Redis, looked into', { timeout: 120_000 }, async context => {
  const skip = (why: string) => {
    if (process.env['CI'] === 'true') throw new Error(why);
    process.stderr.write(`skipped: ${why}\n`);
    return context.skip(why);
  };
  if (isMissing) return skip(REDIS_HINT);
  const server = await startRedis();
  try {
    const host = await startHost({ store: 'redis', redisUrl: server.url, delayMs: 60 }).catch(
      (error: unknown) => error,
    );
    if (host instanceof MissingComponentError) return skip(host.message);
    if (host instanceof Error || !isRunning(host)) throw host;
    try {
      await inFolder(async folder => {
        const text = readFileSync('fixtures/specs/node-idempotency.yaml', 'utf8');
        const store = `store: { redis: "${server.url}", keys: "node-idempotency:POST:/orders:{key}" }\n`;
        const spec = written(folder, 'idem-check.yaml', `${text}${store}`);
        const { report } = await runReport(spec, host.url, ['--checks', 'key-ttl-honoured', '--max-wait', '1s']);
        const result = report.results.find(({ id }) => id === 'POST /orders#key-ttl-honoured:store');
        expect(result).toMatchObject({ verdict: 'pass' });
        // Its mark lives as long as its answer: a crash leaves the key taken for a day.
        expect(result?.notes[1]).toMatch(/^While its request was under way it was to be kept for \S+ (h|s)\.$/);
      });
    } finally {
      await host.stop();
    }
  } finally {
    await server.stop();
  }
});

function isRunning(value: unknown): value is RunningServer {
  return typeof value === 'object' && value !== null && 'url' in value && 'stop' in value;
}

/** Lets Redis drop what was used least, by filling its memory. */
async function evictAll(redis: Redis): Promise<void> {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'maxmemory', '3mb');
  const isLeft = async () => (await redis.keys('idempotency:*')).length > 0;
  for (let round = 0; (await isLeft()) && round < 200; round++) {
    const filled = Array.from({ length: 100 }, (_, at) => redis.set(`filler:${round}:${at}`, 'x'.repeat(2000)));
    await Promise.allSettled(filled);
  }
  await redis.config('SET', 'maxmemory', '0');
}
