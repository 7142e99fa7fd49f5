import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How to come by a Redis server. */
export const REDIS_HINT = 'install redis-server (apt-get install redis-server)';

/** Whether a Redis server can be started here. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** A running Redis server of one's own. */
export interface RunningRedis {
  readonly url: string;
  /** Ends the process and starts another one on the same port and folder. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A Redis server of one's own on a free loopback port; it writes nothing to disk unless it is to persist. */
export async function startRedis({ persists = false } = {}): Promise<RunningRedis> {
  if (!hasRedis()) throw new Error(REDIS_HINT);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'idem-check-redis-'));
  const writes = persists ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...writes, '--dir', folder];
  let server = await started(options);
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async () => {
      await ended(server);
      server = await started(options);
    },
    stop: async () => {
      await ended(server);
      await rm(folder, { recursive: true });
    },
  };
}

async function started(options: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  await ready(server);
  return server;
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise(resolve => server.once('exit', resolve));
  server.kill();
  await exit;
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('exit', code => reject(new Error(`redis-server ended with ${code}`)));
    server.stdout?.on('data', chunk => {
      if (String(chunk).includes('Ready to accept connections')) resolve();
    });
  });
}

/** A loopback port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
