import type { Flaw } from '../flaw.js';
import { createAnswersInFront } from '../stored-in-front.js';

export const replayBeforePermission: Flaw = {
  id: 'replay-before-permission',
  title: 'Stored answers are given to every valid token, also to one that may only read.',
  exposes: { check: 'replay-reauthorises', code: 'replayed-to-lesser', resource: 'order' },
  choices: { callers: 'tenants' },
  hooks: base => {
    const answers = createAnswersInFront();
    return { keyLayer: answers.keeping(base.keyLayer), forbidden: answers.find };
  },
};
