import type { Store } from '../core/spec.js';
import type { LookIntoStore, RunCommand, StoreEntry } from '../core/transport.js';

/** A look into the API's store, and the end of the connection it takes. */
export interface StoreProbe {
  readonly look: LookIntoStore;
  readonly close: () => Promise<void>;
}

/** More entries than this belong to no single key. */
const MOST_ENTRIES = 100;

const MISSING = 'looking into Redis needs the package ioredis; install it with: npm install ioredis';

/** The commands the probe needs of a Redis client. */
interface Reader {
  readonly pttl: (name: string) => Promise<number>;
  readonly matching: (pattern: string) => Promise<readonly string[]>;
  readonly close: () => void;
}

/** A probe of the store a spec names. It connects when it first looks, and only reads. */
export function createStoreProbe(store: Store, runCommand: RunCommand): StoreProbe {
  if (store.kind === 'command')
    return { look: key => byCommand(store.command, key, runCommand), close: async () => {} };
  let connecting: Promise<Reader> | null = null;
  return {
    async look(key) {
      try {
        connecting ??= connect(store.url);
        const reader = await connecting;
        const found = await Promise.all(store.names.map(name => entriesOf(reader, name, key)));
        return { entries: distinct(found.flat()), trouble: null };
      } catch (error) {
        return { entries: [], trouble: error instanceof Error ? error.message : String(error) };
      }
    },
    close: async () => (await connecting?.catch(() => null))?.close(),
  };
}

/** The command prints seconds, -1 for ever, nothing when there is no entry. */
async function byCommand(command: string, key: string, runCommand: RunCommand): ReturnType<LookIntoStore> {
  const { stdout, trouble } = await runCommand(command.replaceAll('{key}', key));
  if (trouble !== null) return { entries: [], trouble };
  const text = stdout.trim();
  if (text === '') return { entries: [], trouble: null };
  const seconds = Number(text);
  if (Number.isNaN(seconds)) {
    return {
      entries: [],
      trouble: `the command printed ${JSON.stringify(text.slice(0, 80))}, not a number of seconds`,
    };
  }
  return { entries: [{ name: key, ttlMs: seconds < 0 ? -1 : Math.round(seconds * 1000) }], trouble: null };
}

async function entriesOf(reader: Reader, template: string, key: string): Promise<readonly StoreEntry[]> {
  const name = template.replaceAll('{key}', key);
  const names = name.includes('*') ? await reader.matching(name) : [name];
  const ttls = await Promise.all(names.map(async one => ({ name: one, ttlMs: await reader.pttl(one) })));
  // -2 = no such key, -1 = no time to live.
  return ttls.filter(({ ttlMs }) => ttlMs !== -2);
}

function distinct(entries: readonly StoreEntry[]): readonly StoreEntry[] {
  return [...new Map(entries.map(entry => [entry.name, entry])).values()];
}

async function connect(url: string): Promise<Reader> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new Error(MISSING);
  });
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
  // Without a listener a lost connection would end the process; the command that meets it rejects all the same.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch {
    redis.disconnect();
    const { protocol, host } = new URL(url);
    throw new Error(`no Redis answers at ${protocol}//${host}`);
  }
  return {
    pttl: name => redis.pttl(name),
    close: () => redis.disconnect(),
    async matching(pattern) {
      const names = new Set<string>();
      let cursor = '0';
      do {
        const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1000);
        found.forEach(name => names.add(name));
        cursor = next;
      } while (cursor !== '0' && names.size < MOST_ENTRIES);
      return [...names];
    },
  };
}
