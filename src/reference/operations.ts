import type { ReferenceClock } from './reference-clock.js';
import { json, problem, type Reply } from './reply.js';
import type { Choices } from './choices.js';

/** Creates that were accepted and are not done yet, each as a resource of its own that leads to its record. */
export interface Operations {
  /** The answer to a create whose record will be at a place. */
  readonly started: (place: string) => Reply;
  /** The same for a repeat: the operation that it began, or one more that ends in the same record. */
  readonly startedAgain: (reply: Reply) => Reply;
  readonly polled: (id: string) => Reply;
}

/** Where the operation of a create is, in its answer (Azure REST guidelines, long-running operations). */
const LINK = 'operation-location';

interface Operation {
  readonly place: string;
  readonly sinceMs: number;
}

/** The operations of one instance of the API. */
export function createOperations({
  basePath,
  clock,
  ids,
  choices,
}: {
  readonly basePath: string;
  readonly clock: ReferenceClock;
  readonly ids: () => string;
  readonly choices: Choices;
}): Operations {
  const operations = new Map<string, Operation>();

  const begin = (operation: Operation): Reply => {
    const id = `op-${ids()}`;
    operations.set(id, operation);
    const headers = { [LINK]: `${basePath}/operations/${id}`, 'retry-after': '1' };
    return json(202, { id, status: 'running', done: false }, headers);
  };

  return {
    started: place => begin({ place, sinceMs: clock.nowMs() }),

    startedAgain: reply => {
      const known = operations.get(reply.headers[LINK]?.split('/').at(-1) ?? '');
      return known === undefined || choices.replayedOperation === 'same' ? reply : begin(known);
    },

    polled: id => {
      const found = operations.get(id);
      if (found === undefined) return problem(404, 'not-found', 'There is no such operation');
      const isDone = clock.nowMs() - found.sinceMs >= choices.finishMs;
      if (isDone) return json(200, { id, status: 'succeeded', done: true, resource: found.place });
      return json(200, { id, status: 'running', done: false }, { 'retry-after': '1' });
    },
  };
}
