import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';

export const replayConflict: Flaw = {
  id: 'replay-conflict',
  title: 'A retry is answered with 409 and without the record it stands for.',
  exposes: { check: 'key-replay-response', code: 'conflict-answer', resource: 'order' },
  hooks: () => ({ replay: () => problem(409, 'key-used', 'This idempotency key was used') }),
};
