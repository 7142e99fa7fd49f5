import type { Exchange, HeaderLine, Request } from './http.js';

/** What identifies the caller on the wire, resolved: header lines and query parameters to add to each request. */
export interface Credential {
  readonly headers: readonly HeaderLine[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** One request as put on the wire, before the engine has numbered it. */
export type Wire = Omit<Exchange, 'n' | 'step' | 'attempt' | 'round' | 'lane'>;

/**
 * Puts requests on the wire, each exactly once: no retry, no redirect followed, no cache. What the network does is
 * data in the Wire; it never rejects for it.
 */
export interface Transport {
  /** One request on a connection of its own. */
  readonly send: (request: Request, credential: Credential, signal: AbortSignal) => Promise<Wire>;
  /**
   * All requests released at once over connections that were opened, and warmed up with `warmUp`, before. The Wires
   * come back in the order of the requests; what was sent to warm up comes back beside them.
   */
  readonly together: (
    requests: readonly Request[],
    warmUp: Request | null,
    credential: Credential,
    signal: AbortSignal,
  ) => Promise<{ readonly released: readonly Wire[]; readonly warmUps: readonly Wire[] }>;
  readonly close: () => Promise<void>;
}

/** Time, handed in so that tests can move it. */
export interface Clock {
  /** Microseconds since the run began, monotonic. */
  readonly nowUs: () => number;
  /** Resolves after so many milliseconds, at once when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Obtains the credential of a caller, refreshed when it is asked for again and has aged. Throws Trouble `setup-credentials`. */
export type Credentials = () => Promise<Credential>;

/** An entry of a store: its name, and the milliseconds until it ends; -1 = never. */
export interface StoreEntry {
  readonly name: string;
  readonly ttlMs: number;
}

/** Looks for the entries of an idempotency key in the store of the API. Never rejects: what went wrong is in `trouble`. */
export type LookIntoStore = (
  key: string,
) => Promise<{ readonly entries: readonly StoreEntry[]; readonly trouble: string | null }>;

/** Runs a command of the user's. Never rejects: what went wrong is in `trouble`. */
export type RunCommand = (command: string) => Promise<{ readonly stdout: string; readonly trouble: string | null }>;
