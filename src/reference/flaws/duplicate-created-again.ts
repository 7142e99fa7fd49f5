import type { Flaw } from '../flaw.js';

export const duplicateCreatedAgain: Flaw = {
  id: 'duplicate-created-again',
  title: 'A second account for the same owner is answered with 201 and the id of the first.',
  exposes: { check: 'natural-duplicate-sequential', code: 'created-again', resource: 'account' },
  hooks: base => ({ duplicate: (_, twin) => base.created(twin) }),
};
