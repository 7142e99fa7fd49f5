import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';

export const missingKeyCrashes: Flaw = {
  id: 'missing-key-crashes',
  title: 'A request without the required key is answered with 500.',
  exposes: { check: 'key-missing', code: 'crashed', resource: 'order' },
  choices: { keyRequired: true },
  hooks: () => ({ keyMissing: () => crash() }),
};
