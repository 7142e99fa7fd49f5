import type { Flaw } from '../flaw.js';
import { notFound } from '../writing.js';

export const replayNotFound: Flaw = {
  id: 'replay-not-found',
  title: 'A retry is answered with 404.',
  exposes: { check: 'key-replay-response', code: 'refused', resource: 'order' },
  hooks: () => ({ replay: () => notFound() }),
};
