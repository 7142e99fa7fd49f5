import type { Flaw } from '../flaw.js';
import { keepingAnswers } from '../kept-answers.js';

export const errorStored: Flaw = {
  id: 'error-stored',
  title: 'An error is stored under its key and given again, whatever the request says then.',
  exposes: { check: 'key-error-policy', variant: 'fault', code: 'error-stored', resource: 'order' },
  hooks: base => keepingAnswers(base, ({ status }) => status === 500),
};
