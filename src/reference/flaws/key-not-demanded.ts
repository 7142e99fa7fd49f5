import type { Flaw } from '../flaw.js';

export const keyNotDemanded: Flaw = {
  id: 'key-not-demanded',
  title: 'The key is declared required, but a request without one is executed.',
  exposes: { check: 'key-missing', code: 'accepted-without-key', resource: 'order' },
  choices: { keyRequired: true },
  hooks: () => ({ keyMissing: (_, execute) => execute() }),
};
