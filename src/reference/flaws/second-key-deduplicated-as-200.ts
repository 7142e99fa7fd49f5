import type { Flaw } from '../flaw.js';

export const secondKeyDeduplicatedAs200: Flaw = {
  id: 'second-key-deduplicated-as-200',
  title:
    'Every create is a 200, and a second key with the same body gets the first answer: nothing tells it from a create.',
  exposes: { check: 'key-distinct-not-deduped', code: 'second-deduplicated', resource: 'order', level: 'fail' },
  choices: { createStatus: 200, replayMarker: null },
  hooks: () => ({ storeKey: attempt => attempt.fingerprint }),
};
