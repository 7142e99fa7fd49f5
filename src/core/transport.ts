import type { Cut, Exchange, HeaderLine, Request, Sessions } from './http.js';
import type { Sync } from './sync.js';

/** What identifies the caller on the wire, resolved: header lines and query parameters to add to each request. */
export interface Credential {
  readonly headers: readonly HeaderLine[];
  readonly query: readonly (readonly [name: string, value: string])[];
  /**
   * Set for another caller: it takes the place of everything the target's own has, its headers, the user in its URL and
   * its client certificate. Of a request's own headers those are left out whose name says yes here.
   */
  readonly replaces?: (headerName: string) => boolean;
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
   * come back in the order of the requests; what was sent to warm up comes back beside them. All go out as one caller.
   * `sync` is the way of release, the first of `ways` when absent; each Wire says which one it really was. `sessions`
   * (several, when absent) matters over HTTP/2 alone.
   */
  readonly together: (
    requests: readonly Request[],
    warmUp: Request | null,
    credential: Credential,
    signal: AbortSignal,
    sync?: Sync,
    sessions?: Sessions,
  ) => Promise<{ readonly released: readonly Wire[]; readonly warmUps: readonly Wire[] }>;
  /**
   * The ways of release that work at the target, best first, at least one. Found out once; one that turns out not to
   * work later gives way to another.
   */
  readonly ways: () => Promise<readonly Sync[]>;
  /**
   * One request on a connection of its own, which is ended at the cut: `halfWayMs` milliseconds after the last byte
   * was written, for `half-way`. The Wire is `lost: 'aborted'`, or answered when the answer was faster.
   */
  readonly interrupt: (
    request: Request,
    cut: Cut,
    halfWayMs: number,
    credential: Credential,
    signal: AbortSignal,
  ) => Promise<Wire>;
  readonly close: () => Promise<void>;
}

/** Time, handed in so that tests can move it. */
export interface Clock {
  /** Microseconds since the run began, monotonic. */
  readonly nowUs: () => number;
  /** Milliseconds since 1970, for dates that the target tells; it may jump. */
  readonly wallMs: () => number;
  /** Resolves after so many milliseconds, at once when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Obtains the credential of a caller, refreshed when it is asked for again and has aged. Throws Trouble `setup-credentials`. */
export type Credentials = () => Promise<Credential>;

/**
 * The credential of a caller by its name in the spec, of the run's own when there is none. Rejects with Trouble
 * `setup-credentials`, and with RangeError for a name nobody has.
 */
export type Callers = (identity?: string) => Promise<Credential>;

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
