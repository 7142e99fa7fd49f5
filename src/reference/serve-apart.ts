import { Worker } from 'node:worker_threads';
import type { IdempotencyStore } from './idempotency-store.js';
import type { RunningReference } from './serve.js';
import type { Choices } from './choices.js';

/** An API to serve, its flaw by name; `null` = the correct one. */
export interface MountedByName {
  readonly prefix: string;
  readonly flaw: string | null;
  readonly choices: Partial<Choices>;
}

type Entries = Awaited<ReturnType<IdempotencyStore['inspect']>>;

/** What the stores are asked for a key, by a number that comes back with the answer. */
export interface Asked {
  readonly n: number;
  readonly key: string;
}

export type Message = { readonly url: string } | { readonly n: number; readonly entries: Entries };

/**
 * Serves reference APIs on a free loopback port from a thread of their own, so that who asks and who answers do not wait
 * for each other. Rejects with what the thread died of.
 */
export async function serveApart(mounts: readonly MountedByName[]): Promise<RunningReference> {
  const thread = new Worker(new URL('./served-apart.js', import.meta.url), { workerData: mounts });
  const waiting = new Map<number, (entries: Entries) => void>();
  let asked = 0;
  const url = await new Promise<string>((resolve, reject) => {
    thread.on('error', reject);
    thread.on('message', (described: Message) => {
      if ('url' in described) return resolve(described.url);
      waiting.get(described.n)?.(described.entries);
      waiting.delete(described.n);
    });
  });
  return {
    url,
    inspect: key =>
      new Promise(resolve => {
        const n = ++asked;
        waiting.set(n, resolve);
        thread.postMessage({ n, key } satisfies Asked);
      }),
    close: async () => void (await thread.terminate()),
  };
}
