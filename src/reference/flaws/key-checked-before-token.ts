import type { Flaw } from '../flaw.js';
import { problem } from '../reply.js';
import { createAnswersInFront } from '../stored-in-front.js';

export const keyCheckedBeforeToken: Flaw = {
  id: 'key-checked-before-token',
  title: 'A known key is refused as taken before anybody looks at the token.',
  exposes: { check: 'replay-reauthorises', code: 'key-before-credential', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => {
    const answers = createAnswersInFront();
    return {
      keyLayer: answers.keeping(base.keyLayer),
      unauthenticated: incoming =>
        answers.find(incoming) === null ? null : problem(409, 'key-used', 'The key was used'),
    };
  },
};
