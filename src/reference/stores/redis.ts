import {
  PENDING_MS,
  type Begun,
  type Finished,
  type IdempotencyStore,
  type StoredReply,
} from '../idempotency-store.js';
import { isObject } from '../reply.js';

/** The Redis store cannot be had: the client package is missing, or the server cannot be reached. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The commands the store needs of a Redis client. */
interface Commands {
  readonly get: (key: string) => Promise<string | null>;
  readonly set: (key: string, value: string, px: 'PX', ms: number, nx: 'NX') => Promise<'OK' | null>;
  readonly eval: (script: string, keys: number, ...args: (string | number)[]) => Promise<unknown>;
  readonly pttl: (key: string) => Promise<number>;
  readonly keep: (key: string, value: string) => Promise<'OK' | null>;
  readonly quit: () => Promise<unknown>;
}

/** Pauses between attempts to reach a server that went away, milliseconds. */
const RECONNECT_MS = 20;
const LONGEST_RECONNECT_MS = 500;

interface Lock {
  readonly token: string;
  readonly fingerprint: string;
}

interface Kept {
  readonly fingerprint: string;
  readonly response: StoredReply;
}

// The lock is released only by the one that holds it, and only together with the answer it was held for.
const FINISH = `
local lock = redis.call('GET', KEYS[2])
if lock and cjson.decode(lock).token ~= ARGV[1] then return 0 end
if not lock and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
if ARGV[2] == '-1' then redis.call('SET', KEYS[1], ARGV[3]) else redis.call('SETEX', KEYS[1], ARGV[2], ARGV[3]) end
redis.call('DEL', KEYS[2])
return 1`;

const RELEASE = `
local lock = redis.call('GET', KEYS[1])
if lock and cjson.decode(lock).token == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/**
 * Keys in Redis, shared by every process that uses the same server and prefix. `SET NX PX` takes a key, `SETEX` keeps
 * its answer, both scripts compare the token before they delete. An answer stands at `<prefix><key>`, the lock of a
 * request in flight at `<prefix><key>:lock`. Throws StoreUnavailable when ioredis is not installed or no server answers.
 */
export async function createRedisStore({
  url,
  ids,
  prefix = 'idempotency:',
  pendingMs = PENDING_MS,
}: {
  readonly url: string;
  readonly ids: () => string;
  readonly prefix?: string;
  readonly pendingMs?: number;
}): Promise<IdempotencyStore> {
  const redis = await connect(url);
  const places = (key: string) => ({ answer: `${prefix}${key}`, lock: `${prefix}${key}:lock` });

  const begin = async (key: string, fingerprint: string, ms = pendingMs): Promise<Begun> => {
    const { answer, lock } = places(key);
    const kept = keptIn(await redis.get(answer));
    if (kept !== null) return { kind: 'done', ...kept };
    const token = ids();
    const mark = JSON.stringify({ token, fingerprint });
    const taken = await (ms === Infinity ? redis.keep(lock, mark) : redis.set(lock, mark, 'PX', ms, 'NX'));
    if (taken === null) {
      const holder = lockIn(await redis.get(lock));
      // The holder let go between the two commands: ask again.
      return holder === null ? begin(key, fingerprint, ms) : { kind: 'in-flight', fingerprint: holder.fingerprint };
    }
    // The previous holder may have finished between our first look and our lock.
    const late = keptIn(await redis.get(answer));
    if (late === null) return { kind: 'new', token };
    await redis.eval(RELEASE, 1, lock, token);
    return { kind: 'done', ...late };
  };

  const finish = async (key: string, { token, fingerprint, response, ttlSeconds }: Finished): Promise<void> => {
    const { answer, lock } = places(key);
    const seconds = ttlSeconds === Infinity ? -1 : Math.max(1, Math.ceil(ttlSeconds));
    await redis.eval(FINISH, 2, answer, lock, token, seconds, JSON.stringify({ fingerprint, response }));
  };

  return {
    begin,
    finish,
    abandon: async (key, token) => {
      await redis.eval(RELEASE, 1, places(key).lock, token);
    },
    async inspect(key) {
      const names = Object.values(places(key));
      const found = await Promise.all(names.map(async name => ({ name, ttlMs: await redis.pttl(name) })));
      return found.filter(({ ttlMs }) => ttlMs !== -2);
    },
    close: async () => {
      await redis.quit();
    },
  };
}

async function connect(url: string): Promise<Commands> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new StoreUnavailable('The Redis store needs the package ioredis. Install it with: npm install ioredis');
  });
  let hasConnected = false;
  // A server that never answered is reported; one that was there is expected back, as after a restart.
  const retryStrategy = (times: number) => (hasConnected ? Math.min(times * RECONNECT_MS, LONGEST_RECONNECT_MS) : null);
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy });
  // Without a listener a lost connection would end the process; the command that meets it rejects all the same.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    hasConnected = true;
  } catch {
    redis.disconnect();
    throw new StoreUnavailable(`No Redis answers at ${withoutSecrets(url)}.`);
  }
  return {
    get: key => redis.get(key),
    set: (key, value, px, ms, nx) => redis.set(key, value, px, ms, nx),
    pttl: key => redis.pttl(key),
    keep: (key, value) => redis.set(key, value, 'NX'),
    eval: (script, keys, ...args) => redis.eval(script, keys, ...args),
    quit: () => redis.quit(),
  };
}

function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'the given address';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function keptIn(text: string | null): Kept | null {
  const value: unknown = text === null ? null : JSON.parse(text);
  if (!isObject(value) || typeof value['fingerprint'] !== 'string') return null;
  const response = responseIn(value['response']);
  return response === null ? null : { fingerprint: value['fingerprint'], response };
}

function responseIn(value: unknown): StoredReply | null {
  if (!isObject(value)) return null;
  const { status, headers, body } = value;
  if (typeof status !== 'number' || !isObject(headers)) return null;
  const kept = Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return { status, headers: Object.fromEntries(kept), body: typeof body === 'string' ? body : null };
}

function lockIn(text: string | null): Lock | null {
  const value: unknown = text === null ? null : JSON.parse(text);
  if (!isObject(value)) return null;
  const { token, fingerprint } = value;
  return typeof token === 'string' && typeof fingerprint === 'string' ? { token, fingerprint } : null;
}
