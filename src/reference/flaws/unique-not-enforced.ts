import type { Flaw } from '../flaw.js';

export const uniqueNotEnforced: Flaw = {
  id: 'unique-not-enforced',
  title: 'The owner is declared unique, but a second account for the same owner is created.',
  exposes: { check: 'natural-duplicate-sequential', code: 'unique-not-enforced', resource: 'account' },
  hooks: base => ({ create: async creation => base.created(creation.insert()) }),
};
