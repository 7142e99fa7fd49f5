import type { Flaw } from '../flaw.js';

export const expiredKeyExecuted: Flaw = {
  id: 'expired-key-executed',
  title: 'A key whose lifetime is over is said to be refused with 410, and is carried out anew.',
  exposes: { check: 'key-expired-behaviour', code: 'executed-anew', resource: 'order' },
  choices: { ttlSeconds: 4 },
  declares: { expiredStatus: 410 },
  hooks: () => ({}),
};
