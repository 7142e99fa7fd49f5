import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const mismatchCrashes: Flaw = {
  id: 'mismatch-crashes',
  title: 'A key that comes again with another payload is answered with 500.',
  exposes: { check: 'key-mismatch-rejected', code: 'crashed', resource: 'order' },
  hooks: () => ({ mismatch: () => crash() }),
};
