import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { LateState } from '../../src/core/planted-key.js';
import type { Report } from '../../src/core/report.js';
import { flawNamed } from '../../src/reference/flaws/index.js';
import { startReference } from '../../src/reference/serve.js';
import { specText } from '../../src/reference/spec-text.js';
import { createRedisStore } from '../../src/reference/stores/redis.js';
import type { Choices } from '../../src/reference/choices.js';
import { inFolder, written } from './folder.js';
import { startRedis, type RunningRedis } from './redis-server.js';
import { cli, runReport } from './run-cli.js';

/** A reference API on a Redis of its own, and the commands on it. */
export interface Api {
  readonly redis: Redis;
  readonly server: RunningRedis;
  /** `key-ttl-honoured` of a run, its own result and that of the store. */
  readonly run: (flags?: readonly string[]) => Promise<readonly [base: Result, store: Result]>;
  readonly ttl: (command: 'plant' | 'verify', flags?: readonly string[]) => Promise<{ code: number; result: Result }>;
  /** Makes the planted keys look older by so many hours. */
  readonly age: (hours: number) => void;
}
/** A result of a report, where there is one. */
export type Result = Report['results'][number] | undefined;

interface OnRedis {
  readonly flawId?: string;
  readonly choices?: Partial<Choices>;
  /** What the spec says of the choices; absent = what it says of the usual ones. */
  readonly declared?: Partial<Choices>;
  /** Appended to the spec. */
  readonly more?: string;
  /** Whether the Redis keeps what it holds over a restart. */
  readonly persists?: boolean;
}

/** The reference API with its keys in a Redis of its own. */
export async function onRedis(
  use: (api: Api) => Promise<void>,
  { flawId = '', choices = {}, declared = {}, more = '', persists = false }: OnRedis = {},
): Promise<void> {
  const server = await startRedis({ persists });
  const store = await createRedisStore({ url: server.url, ids: randomUUID });
  const redis = new Redis(server.url);
  const flaw = flawNamed(flawId) ?? null;
  const mount = { prefix: '', flaw, choices: { workMs: 30, ...choices }, store };
  const reference = await startReference({ mounts: [mount], testClock: true });
  const described = { prefix: '', suffix: '', flaw: null, choices: declared, resources: ['order'] as const };
  const own = `store: { redis: "${server.url}", keys: "idempotency: POST /orders {key}", pending: "idempotency: POST /orders {key}:lock" }\n`;
  try {
    await inFolder(async folder => {
      const spec = written(folder, 'idem-check.yaml', `${specText([described])}${own}${more}`);
      const [state, json] = [join(folder, 'state.json'), join(folder, 'report.json')];
      const of = ({ results }: Report, id: string) => results.find(result => result.id === id);
      await use({
        redis,
        server,
        async run(flags = []) {
          const { report } = await runReport(spec, reference.url, ['--checks', 'key-ttl-honoured', ...flags]);
          const id = 'POST /orders#key-ttl-honoured';
          return [of(report, id), of(report, `${id}:store`)];
        },
        async ttl(command, flags = []) {
          const common = ['--url', reference.url, '--state', state, '--report-json-path', json];
          const { code } = await cli(['ttl', command, spec, ...common, ...flags]);
          const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
          return { code, result: of(report, 'POST /orders#key-ttl-honoured') };
        },
        age(hours) {
          const known = JSON.parse(readFileSync(state, 'utf8')) as LateState;
          const plantedAt = new Date(Date.now() - hours * 3_600_000).toISOString();
          const planted = known.planted.map(key => ({ ...key, plantedAt, serverDate: null }));
          writeFileSync(state, JSON.stringify({ ...known, planted }));
        },
      });
    });
  } finally {
    redis.disconnect();
    await reference.close();
    await store.close();
    await server.stop();
  }
}
