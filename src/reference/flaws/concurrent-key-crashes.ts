import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const concurrentKeyCrashes: Flaw = {
  id: 'concurrent-key-crashes',
  title: 'A request whose key is being worked on is answered with 500.',
  exposes: { check: 'key-concurrent-single-effect', code: 'crashed', resource: 'order' },
  hooks: () => ({ inFlight: () => crash() }),
};
