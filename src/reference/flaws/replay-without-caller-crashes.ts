import type { Flaw } from '../flaw.js';
import { crash } from '../reply.js';
import { createAnswersInFront } from '../stored-in-front.js';

export const replayWithoutCallerCrashes: Flaw = {
  id: 'replay-without-caller-crashes',
  title: 'A known key without a valid token ends in a 500.',
  exposes: { check: 'replay-reauthorises', code: 'crashed', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => {
    const answers = createAnswersInFront();
    return {
      keyLayer: answers.keeping(base.keyLayer),
      unauthenticated: incoming => (answers.find(incoming) === null ? null : crash()),
    };
  },
};
