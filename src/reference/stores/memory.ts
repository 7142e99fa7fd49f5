import {
  PENDING_MS,
  type Begun,
  type Finished,
  type IdempotencyStore,
  type StoredReply,
} from '../idempotency-store.js';
import type { ReferenceClock } from '../reference-clock.js';

type Entry = { readonly fingerprint: string; readonly expiresAtMs: number } & (
  { readonly kind: 'pending'; readonly token: string } | { readonly kind: 'done'; readonly response: StoredReply }
);

/** Keys in this process: right for one process, lost with it. Each call runs to its end without an await, so it is atomic. */
export function createMemoryStore({
  clock,
  ids,
  pendingMs = PENDING_MS,
}: {
  readonly clock: ReferenceClock;
  readonly ids: () => string;
  readonly pendingMs?: number;
}): IdempotencyStore {
  const entries = new Map<string, Entry>();

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAtMs > clock.nowMs()) return entry;
    entries.delete(key);
    return undefined;
  };

  const begin = (key: string, fingerprint: string, ms = pendingMs): Begun => {
    const entry = live(key);
    if (entry?.kind === 'done') return { kind: 'done', fingerprint: entry.fingerprint, response: entry.response };
    if (entry?.kind === 'pending') return { kind: 'in-flight', fingerprint: entry.fingerprint };
    const token = ids();
    entries.set(key, { kind: 'pending', fingerprint, token, expiresAtMs: clock.nowMs() + ms });
    return { kind: 'new', token };
  };

  const finish = (key: string, { token, fingerprint, response, ttlSeconds }: Finished): void => {
    const entry = live(key);
    if (entry !== undefined && !(entry.kind === 'pending' && entry.token === token)) return;
    entries.set(key, { kind: 'done', fingerprint, response, expiresAtMs: clock.nowMs() + ttlSeconds * 1000 });
  };

  const abandon = (key: string, token: string): void => {
    const entry = live(key);
    if (entry?.kind === 'pending' && entry.token === token) entries.delete(key);
  };

  return {
    begin: async (key, fingerprint, ms) => begin(key, fingerprint, ms),
    inspect: async key => {
      // Stored names begin with the caller and the endpoint.
      const names = [...entries.keys()].filter(name => name === key || name.endsWith(` ${key}`));
      return names.flatMap(name => {
        const entry = live(name);
        const leftMs = entry === undefined ? 0 : entry.expiresAtMs - clock.nowMs();
        return entry === undefined ? [] : [{ name, ttlMs: leftMs === Infinity ? -1 : leftMs }];
      });
    },
    finish: async (key, finished) => finish(key, finished),
    abandon: async (key, token) => abandon(key, token),
    close: async () => entries.clear(),
  };
}
