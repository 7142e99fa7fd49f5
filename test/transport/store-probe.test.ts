import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createRunCommand } from '../../src/transport/command.js';
import { createStoreProbe } from '../../src/transport/store-probe.js';
import { hasRedis, startRedis } from '../support/redis-server.js';

const runCommand = createRunCommand({ allowed: true, timeoutMs: 5000 });
const HINT = 'install redis-server (apt-get install redis-server)';
const isMissing = !hasRedis();
if (isMissing) console.log(HINT);

describe('by a command', () => {
  const look = (command: string) => createStoreProbe({ kind: 'command', command }, runCommand).look('k-1');
  test.each([
    ['seconds', 'echo 90', { entries: [{ name: 'k-1', ttlMs: 90_000 }], trouble: null }],
    [
      'the key in its place',
      'test {key} = k-1 && echo 1.5',
      { entries: [{ name: 'k-1', ttlMs: 1500 }], trouble: null },
    ],
    ['for ever', 'echo -1', { entries: [{ name: 'k-1', ttlMs: -1 }], trouble: null }],
    ['nothing there', 'true', { entries: [], trouble: null }],
    ['no number', 'echo soon', { entries: [], trouble: 'the command printed "soon", not a number of seconds' }],
    ['a failure', 'exit 3', { entries: [], trouble: 'the command ended with 3' }],
  ])('%s', async (_, command, expected) => {
    expect(await look(command)).toEqual(expected);
  });

  test('only when commands are allowed', async () => {
    const forbidden = createRunCommand({ allowed: false, timeoutMs: 5000 });
    const { trouble } = await createStoreProbe({ kind: 'command', command: 'echo {key}' }, forbidden).look('k');
    expect(trouble).toBe('commands run only with --allow-commands');
  });
});

test('a Redis that does not answer is named without its password', async () => {
  const probe = createStoreProbe({ kind: 'redis', url: 'redis://:secret@127.0.0.1:1', names: ['{key}'] }, runCommand);
  expect(await probe.look('k')).toEqual({ entries: [], trouble: 'no Redis answers at redis://127.0.0.1:1' });
  await probe.close();
});

describe.skipIf(isMissing && process.env['CI'] !== 'true')('in a real Redis', () => {
  test('finds entries by name and by pattern, and only reads', async () => {
    if (isMissing) throw new Error(HINT);
    const server = await startRedis();
    const redis = new Redis(server.url);
    const named = (names: readonly string[]) => createStoreProbe({ kind: 'redis', url: server.url, names }, runCommand);
    const probes = [named(['idem:{key}', 'idem:{key}:lock']), named(['*:{key}*']), named(['idem:{key}'])];
    try {
      await redis.set('idem:k', 'answer', 'EX', 100);
      await redis.set('idem:k:lock', 'mark');
      await redis.set('idem:other', 'answer');
      const [exact, pattern, one] = await Promise.all(probes.map(probe => probe.look('k')));
      const names = (found: typeof exact) => found?.entries.map(({ name }) => name).toSorted();
      expect([names(exact), names(pattern)]).toEqual([
        ['idem:k', 'idem:k:lock'],
        ['idem:k', 'idem:k:lock'],
      ]);
      expect(exact?.entries.find(({ name }) => name === 'idem:k:lock')?.ttlMs).toBe(-1);
      expect(one?.entries[0]?.ttlMs).toBeGreaterThan(90_000);
      expect((await probes[2]?.look('nothing'))?.entries).toEqual([]);
      expect((await redis.keys('*')).length).toBe(3);
    } finally {
      await Promise.all(probes.map(probe => probe.close()));
      redis.disconnect();
      await server.stop();
    }
  });
});
