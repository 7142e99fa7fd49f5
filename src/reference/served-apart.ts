import { parentPort, workerData } from 'node:worker_threads';
import { flaws } from './flaws/index.js';
import { startReference } from './serve.js';
import type { Asked, MountedByName, Message } from './serve-apart.js';

/** The other thread of `serveApart`: serves what it was given, and answers what its stores are asked. */
const mounts = (workerData as readonly MountedByName[]).map(({ flaw, ...mount }) => ({
  ...mount,
  flaw: flaws.find(({ id }) => id === flaw) ?? null,
}));
const reference = await startReference({ mounts });
const tell = (described: Message) => parentPort?.postMessage(described);
parentPort?.on('message', ({ n, key }: Asked) => {
  void reference.inspect(key).then(entries => tell({ n, entries }));
});
tell({ url: reference.url });
