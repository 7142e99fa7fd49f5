import type { Traits } from '../../core/trait.js';

/** What a library does where nobody configures it otherwise. */
export interface Library {
  readonly name: string;
  /** Where its code was read. */
  readonly code: string;
  readonly traits: Traits;
}

const KEY = ['header Idempotency-Key'];

/** Libraries behind many APIs, by their defaults as their code has them. */
export const libraries: readonly Library[] = [
  {
    name: 'idempot-js',
    code: 'https://github.com/idempot-dev/idempot-js',
    traits: { key: KEY, inflight: [409], mismatch: [422], replayMode: ['same'], errors: ['stored'] },
  },
  {
    name: 'Fiber (middleware/idempotency)',
    code: 'https://github.com/gofiber/fiber',
    traits: { key: ['header X-Idempotency-Key'], inflight: ['waits'], mismatch: ['replays'], replayMode: ['same'] },
  },
  {
    name: 'idempo',
    code: 'https://github.com/julik/idempo',
    traits: { key: KEY, inflight: [429], mismatch: ['executes'], lifetime: { atLeast: 30, below: null } },
  },
  {
    name: 'asgi-idempotency-header',
    code: 'https://github.com/snok/asgi-idempotency-header',
    traits: { key: KEY, inflight: [409], mismatch: ['replays'] },
  },
  {
    name: 'express-idempotency',
    code: 'https://github.com/VilledeMontreal/express-idempotency',
    traits: { key: KEY, inflight: [409], mismatch: [417] },
  },
  {
    name: 'node-idempotency',
    code: 'https://github.com/mahendraHegde/node-idempotency',
    traits: { key: KEY, inflight: [409], mismatch: [422], replayMode: ['same'] },
  },
  {
    name: 'hono-idempotency',
    code: 'https://github.com/paveg/hono-idempotency',
    traits: {
      key: KEY,
      inflight: [409],
      mismatch: [422],
      replayMode: ['same'],
      marker: ['Idempotency-Replayed'],
      errors: ['freed'],
    },
  },
  {
    name: 'IdempotentAPI (.NET)',
    code: 'https://github.com/ikyriak/IdempotentAPI',
    traits: { key: ['header IdempotencyKey'], inflight: [409], mismatch: [400] },
  },
  {
    name: 'laravel-idempotency (square1)',
    code: 'https://github.com/square1-io/laravel-idempotency',
    traits: { key: KEY, inflight: ['waits'], mismatch: ['replays'], marker: ['Idempotency-Relayed'] },
  },
];
