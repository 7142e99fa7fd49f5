import type { Flaw } from '../flaw.js';

export const noKey: Flaw = {
  id: 'no-key',
  title: 'Orders take no key and nothing in them is unique: a retry creates another one.',
  exposes: { check: 'natural-duplicate-sequential', code: 'unprotected-retry', resource: 'order' },
  choices: { keyRequired: false },
  declares: { keyed: false, keyRequired: null, ttlSeconds: null },
  hooks: () => ({ keyLayer: attempt => attempt.execute() }),
};
