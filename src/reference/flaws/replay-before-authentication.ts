import type { Flaw } from '../flaw.js';
import { createAnswersInFront } from '../stored-in-front.js';

export const replayBeforeAuthentication: Flaw = {
  id: 'replay-before-authentication',
  title: 'Stored answers are given out before anybody looks at the token.',
  exposes: { check: 'replay-reauthorises', code: 'replayed', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => {
    const answers = createAnswersInFront();
    return { keyLayer: answers.keeping(base.keyLayer), unauthenticated: answers.find };
  },
};
