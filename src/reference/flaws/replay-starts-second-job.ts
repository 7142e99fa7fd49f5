import type { Flaw } from '../flaw.js';

export const replayStartsSecondJob: Flaw = {
  id: 'replay-starts-second-job',
  title: 'A retry of a create that was accepted starts another operation, and makes another order.',
  exposes: { check: 'key-replay-no-duplicate', code: 'duplicate-created', resource: 'order' },
  choices: { createAnswer: 'operation' },
  hooks: () => ({ replay: attempt => attempt.execute() }),
};
