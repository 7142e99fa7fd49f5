import type { Flaw } from '../flaw.js';
import { keepingAnswers } from '../kept-answers.js';

export const tooManyRequestsStored: Flaw = {
  id: 'too-many-requests-stored',
  title: 'A 429 of a service behind the API is stored under the key, and given again for ever.',
  exposes: { check: 'key-error-policy', variant: 'transient', code: 'transient-error-stored', resource: 'order' },
  inDemo: false,
  choices: { upstreamFailsEvery: 7, upstreamStatus: 429 },
  hooks: base => keepingAnswers(base, ({ status }) => status === 429),
};
