import { describe, expect, test } from 'vitest';
import { onRedis } from '../support/on-redis.js';
import { hasRedis, REDIS_HINT } from '../support/redis-server.js';

const isMissing = !hasRedis();
if (isMissing) console.log(REDIS_HINT);

describe.skipIf(isMissing && process.env['CI'] !== 'true')('keys whose end is waited for', { timeout: 180_000 }, () => {
  test('40 s in a real Redis: held at 35 s, gone at 70 s', async () => {
    await onRedis(
      async ({ run }) => {
        const [base, store] = await run(['--max-wait', '72s']);
        expect(base).toMatchObject({ verdict: 'fail', findings: [{ code: 'expired-early' }] });
        expect(base?.message).toMatch(
          /^Held at 35(\.\d)? s, gone at 7\d(\.\d)? s: lives \[35(\.\d)? s, 7\d(\.\d)? s\), promised 24 h\.$/,
        );
        expect(store?.message).toMatch(/^The store keeps the key for (40|39(\.\d)?) s more; promised 24 h\.$/);
      },
      { choices: { ttlSeconds: 40 } },
    );
  });
});
