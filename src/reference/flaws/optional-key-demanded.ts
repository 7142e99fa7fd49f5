import type { Flaw } from '../flaw.js';
import { missingKey } from '../key-layer.js';

export const optionalKeyDemanded: Flaw = {
  id: 'optional-key-demanded',
  title: 'The key is declared optional, but a request without one is refused.',
  exposes: { check: 'key-missing', code: 'refused-though-optional', resource: 'order' },
  choices: { keyRequired: false },
  hooks: () => ({ keyMissing: () => missingKey(400) }),
};
