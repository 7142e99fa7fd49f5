// Detection per burst against two workers on one Redis, by the way their store is right or wrong.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { bodyOf, methods } from './methods.mjs';
import { freshKey, start } from './measure.mjs';

const STORES = ['get-then-setex', 'mutex-per-process', 'memory-per-process', 'set-nx'];

export async function clusterTable(rounds, width = 10) {
  const folder = mkdtempSync(join(tmpdir(), 'idem-check-redis-'));
  const port = 20_000 + (process.pid % 20_000);
  const server = spawn('redis-server', ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  const redis = new Redis({ port, host: '127.0.0.1', retryStrategy: tries => (tries < 50 ? 50 : null) });
  redis.on('error', () => {});
  try {
    await redis.ping();
    const workers = await start('cluster.mjs', port);
    const rows = await played(workers.ports, redis, rounds, width);
    workers.stop();
    return rows;
  } finally {
    redis.disconnect();
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function played({ plain, h2c }, redis, rounds, width) {
  const names = ['fetch', 'pool', 'barrier', 'last-byte', 'single-packet', 'several packets'];
  const rows = names.map(name => ({ name, found: Object.fromEntries(STORES.map(store => [store, 0])) }));
  for (const store of STORES) {
    const opened = [];
    for (const name of names) {
      const isH2 = name.includes('packet');
      const target = { url: `http://127.0.0.1:${isH2 ? h2c : plain}`, h2c: isH2, width, body: bodyOf() };
      opened.push(await methods[name]({ ...target, headers: { 'x-store': store } }));
    }
    for (let round = -2; round < rounds; round++) {
      for (const [at, { burst }] of opened.entries()) {
        const key = freshKey(names[at]);
        await burst(key);
        if (round >= 0 && Number(await redis.get(`created:${key}`)) > 1) rows[at].found[store] += 1 / rounds;
      }
    }
    for (const { close } of opened) await close();
  }
  return rows;
}
