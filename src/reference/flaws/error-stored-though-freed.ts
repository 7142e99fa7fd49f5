import type { Flaw } from '../flaw.js';
import { keepingAnswers } from '../kept-answers.js';

export const errorStoredThoughFreed: Flaw = {
  id: 'error-stored-though-freed',
  title: 'The contract says that an error frees its key; it is stored, and given again.',
  exposes: { check: 'key-error-policy', variant: 'fault', code: 'error-stored', resource: 'order' },
  declares: { errorsStored: 'success-only' },
  hooks: base => keepingAnswers(base, ({ status }) => status === 500),
};
