import type { IdempotencyStore } from './idempotency-store.js';
import { createLocks, type Lock } from './locks.js';
import { createTable, type Account, type Item, type Label, type Note, type Order, type Table } from './records.js';
import type { ReferenceClock } from './reference-clock.js';
import { createOperations, type Operations } from './operations.js';
import { createRevisions, type Revisions } from './revisions.js';
import { createUpstream, type Upstream } from './upstream.js';
import type { Choices } from './choices.js';
import { createTurns } from './turns.js';

/** Everything one instance of the API has: its choices, its surroundings, its records. */
export interface World {
  readonly basePath: string;
  readonly clock: ReferenceClock;
  readonly ids: () => string;
  readonly store: IdempotencyStore;
  readonly choices: Choices;
  /** Milliseconds between check and act in a flaw that has such a window. */
  readonly windowMs: number;
  readonly orders: Table<Order>;
  readonly accounts: Table<Account>;
  readonly notes: Table<Note>;
  readonly labels: Table<Label>;
  readonly items: Table<Item>;
  readonly revisions: Revisions;
  readonly lock: Lock;
  readonly upstream: Upstream;
  readonly operations: Operations;
  /** Mails that went out, by address: nothing of the API shows them. */
  readonly mails: string[];
  /** How often each thing was asked for. */
  readonly turns: ReturnType<typeof createTurns>;
}

/** An instance without records. */
export function createWorld(
  surroundings: Pick<World, 'basePath' | 'clock' | 'ids' | 'store' | 'choices' | 'windowMs'>,
): World {
  const revisions = createRevisions();
  const { written } = revisions;
  return {
    ...surroundings,
    orders: createTable(written),
    accounts: createTable(written),
    notes: createTable(written),
    labels: createTable(written),
    items: createTable(written),
    revisions,
    lock: createLocks(),
    mails: [],
    turns: createTurns(),
    upstream: createUpstream(surroundings.choices),
    operations: createOperations(surroundings),
  };
}
