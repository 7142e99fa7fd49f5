import type { Flaw } from '../flaw.js';

/** The part of the work that the lock outlives. */
const SHARE = 1 / 3;

export const lockShorterThanWork: Flaw = {
  id: 'lock-shorter-than-work',
  title:
    'The lock of a key expires while its request is still worked on: a repeat in the rest of that time is executed.',
  exposes: { check: 'key-concurrent-single-effect', code: 'duplicate-created', resource: 'order' },
  choices: { workMs: 300 },
  hooks: (_, { choices }) => ({ pendingMs: choices.workMs * SHARE }),
};
