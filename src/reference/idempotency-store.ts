/** What is kept of an answer: its status, the headers that carry meaning, its body. */
export interface StoredReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What a key turned out to be. A `token` proves who began. */
export type Begun =
  | { readonly kind: 'new'; readonly token: string }
  | { readonly kind: 'in-flight'; readonly fingerprint: string }
  | { readonly kind: 'done'; readonly fingerprint: string; readonly response: StoredReply };

/** An answer to keep under a key. */
export interface Finished {
  readonly token: string;
  readonly fingerprint: string;
  readonly response: StoredReply;
  readonly ttlSeconds: number;
}

/**
 * Where idempotency keys live. `begin` is atomic: of any number of callers exactly one is told `new`. A key that was
 * begun and never finished frees itself after the store's pending time.
 */
export interface IdempotencyStore {
  /** `pendingMs` in the place of the store's own pending time; Infinity = the key never frees itself. */
  readonly begin: (key: string, fingerprint: string, pendingMs?: number) => Promise<Begun>;
  /** Keeps the answer, unless another one has taken the key over meanwhile. */
  readonly finish: (key: string, finished: Finished) => Promise<void>;
  /** Frees the key of a request that had no effect, if it is still this token's. */
  readonly abandon: (key: string, token: string) => Promise<void>;
  /** What is kept under a key: how many milliseconds each entry still lives, -1 = for ever. */
  readonly inspect: (key: string) => Promise<readonly { readonly name: string; readonly ttlMs: number }[]>;
  readonly close: () => Promise<void>;
}

/** How long an unfinished key stays taken, in milliseconds, unless the store is told otherwise. */
export const PENDING_MS = 60_000;
