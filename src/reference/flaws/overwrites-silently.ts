import type { Flaw } from '../flaw.js';

export const overwritesSilently: Flaw = {
  id: 'overwrites-silently',
  title: 'A change without If-Match overwrites what another client wrote; nothing says that it may.',
  exposes: { check: 'precondition-required', code: 'overwritten-silently', resource: 'order' },
  choices: { preconditionRequired: false },
  declares: { preconditionRequired: null },
  hooks: () => ({}),
};
