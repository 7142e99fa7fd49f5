import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const replayCrashes: Flaw = {
  id: 'replay-crashes',
  title: 'A retry creates nothing, but is answered with 500.',
  exposes: { check: 'key-replay-no-duplicate', code: 'replay-crashed', resource: 'order' },
  hooks: () => ({ replay: () => crash() }),
};
