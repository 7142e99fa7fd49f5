import type { Flaw } from '../flaw.js';
import { missingKey } from '../key-layer.js';

export const missingKeyConflict: Flaw = {
  id: 'missing-key-conflict',
  title: 'A request without the required key is refused with 409.',
  exposes: { check: 'key-missing', code: 'odd-status', resource: 'order' },
  choices: { keyRequired: true },
  hooks: () => ({ keyMissing: () => missingKey(409) }),
};
