import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createReferenceApp, type ReferenceApp } from './app.js';
import type { Flaw } from './flaw.js';
import type { IdempotencyStore } from './idempotency-store.js';
import type { ReferenceClock } from './reference-clock.js';
import { createMemoryStore } from './stores/memory.js';
import type { Style } from './styles/style.js';
import type { Choices } from './choices.js';

/** One API to serve: where, with which flaw and choices; with a memory store of its own unless one is given. */
export interface Mount {
  /** Empty, or a path that begins with a slash and does not end with one. */
  readonly prefix: string;
  readonly flaw: Flaw | null;
  readonly choices: Partial<Choices>;
  /** How it speaks on the wire; absent = plainly. */
  readonly style?: Style | null;
  readonly store?: IdempotencyStore;
  /** How long the racy flaws leave their window open, milliseconds; 0 is one turn of the event loop. */
  readonly windowMs?: number;
}

/** A running reference API. */
export interface RunningReference {
  /** Root, without a slash at its end. */
  readonly url: string;
  /** What the stores of all its APIs keep under a key. */
  readonly inspect: IdempotencyStore['inspect'];
  /** Stops listening and drops open connections. The stores stay with whoever made them. */
  readonly close: () => Promise<void>;
}

// Longer than any pause between warm-up and release, so that an idle connection is not closed in the middle of a race.
const KEEP_ALIVE_MS = 120_000;

/** Where the test clock is moved, when there is one. */
const CLOCK_PATH = '/admin/clock';

/**
 * Serves reference APIs on one port, each under its prefix; the root lists them unless one is mounted there. Port 0 is a
 * free one. Rejects with the system's error when the port cannot be had.
 */
export async function startReference({
  mounts,
  port = 0,
  host = '127.0.0.1',
  testClock = false,
}: {
  readonly mounts: readonly Mount[];
  /** Adds `POST /admin/clock?seconds=N`, which moves the clock of every API here; the store may have its own. */
  readonly testClock?: boolean;
  readonly port?: number;
  readonly host?: string;
}): Promise<RunningReference> {
  const clock = movableClock();
  const stores = mounts.map(({ store }) => store ?? createMemoryStore({ clock, ids: () => randomUUID() }));
  const apps = router(new Map(mounts.map((mount, at) => [mount.prefix, appOf(mount, clock, stores[at])])));
  const inspect = async (key: string) => (await Promise.all(stores.map(store => store.inspect(key)))).flat();
  const appAt = (path: string) => (testClock && path === CLOCK_PATH ? clock.answer : apps(path));
  const listener = getRequestListener((request, env) => appAt(new URL(request.url).pathname)(request, env));
  const server = createServer((request, response) => void listener(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listening(server, port, host);
  return { url: urlOf(server, host), inspect, close: () => closed(server) };
}

/** The app whose prefix is the longest that fits. */
function router(apps: ReadonlyMap<string, ReferenceApp>): (path: string) => ReferenceApp['fetch'] {
  const prefixes = [...apps.keys()].toSorted((a, b) => b.length - a.length);
  const list = async () => Response.json({ apps: [...apps.keys()] });
  const nothing = async () => new Response(null, { status: 404 });
  return path => {
    const prefix = prefixes.find(candidate => path === candidate || path.startsWith(`${candidate}/`));
    return apps.get(prefix ?? '')?.fetch ?? (path === '/' ? list : nothing);
  };
}

function appOf(
  { prefix, flaw, choices, style = null, windowMs }: Mount,
  clock: ReferenceClock,
  given?: IdempotencyStore,
): ReferenceApp {
  const ids = () => randomUUID();
  const store = given ?? createMemoryStore({ clock, ids });
  return createReferenceApp({
    basePath: prefix,
    clock,
    ids,
    flaw,
    choices,
    style,
    store,
    ...(windowMs === undefined ? {} : { windowMs }),
  });
}

/** The system's clock, and a way to move what it shows; sleeps take as long as ever. */
function movableClock(): ReferenceClock & { readonly answer: ReferenceApp['fetch'] } {
  let aheadMs = 0;
  return {
    nowMs: () => Date.now() + aheadMs,
    // A timer takes a millisecond at least; the shortest wait is one turn.
    sleep: ms => new Promise<void>(resolve => void (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms))),
    async answer(request) {
      const seconds = Number(new URL(request.url).searchParams.get('seconds') ?? Number.NaN);
      if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } });
      if (!(seconds >= 0 && seconds <= 1e9)) return Response.json({ error: 'seconds: 0 or more' }, { status: 400 });
      aheadMs += seconds * 1000;
      return Response.json({ now: new Date(Date.now() + aheadMs).toISOString() });
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
