import type { Flaw } from '../flaw.js';

export const preconditionNotDemanded: Flaw = {
  id: 'precondition-not-demanded',
  title: 'If-Match is declared required, but a change without it is applied.',
  exposes: { check: 'precondition-required', code: 'not-demanded', resource: 'order' },
  choices: { preconditionRequired: false },
  declares: { preconditionRequired: true },
  hooks: () => ({}),
};
