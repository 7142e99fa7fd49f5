import type { Flaw } from '../flaw.js';

export const secondKeyDeduplicated: Flaw = {
  id: 'second-key-deduplicated',
  title: 'Answers are stored under a hash of the request: a second key with the same body gets the first answer.',
  exposes: { check: 'key-distinct-not-deduped', code: 'second-deduplicated', resource: 'order' },
  hooks: () => ({ storeKey: attempt => attempt.fingerprint }),
};
