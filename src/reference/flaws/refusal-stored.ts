import type { Flaw } from '../flaw.js';
import { keepingAnswers } from '../kept-answers.js';

export const refusalStored: Flaw = {
  id: 'refusal-stored',
  title: 'A refusal is stored under its key and given again, also to the corrected request.',
  exposes: { check: 'key-error-policy', variant: 'invalid', code: 'correction-refused', resource: 'order' },
  hooks: base => keepingAnswers(base, ({ status }) => status === 400),
};
